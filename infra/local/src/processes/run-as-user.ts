import { statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'
import { findExecutable } from './find-executable.ts'

/*
 * Postgres refuses to run as root, so as root we run it as somebody else; below /root or a private temporary
 * folder (0700) nobody else can even enter. There it keeps one right of root's, to enter and read what
 * permissions deny. `no_setuid_fixup` makes access(2), with which Postgres looks for its own programs, honour
 * that right.
 */
const rights = ['--securebits=+no_setuid_fixup', '--inh-caps=+dac_override', '--ambient-caps=+dac_override']

/** Whether any user may enter the folders that lead to a path. */
export function isReachableByAll(path: string): boolean {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false
  }
  return true
}

/**
 * A command prefix that runs a program as another user who may enter every folder; undefined without setpriv.
 */
export function accessPrefix({ uid, gid }: { uid: number; gid: number }): string[] | undefined {
  const setpriv = findExecutable('setpriv')
  return setpriv === undefined
    ? undefined
    : [setpriv, `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...rights]
}

/** Whether this process is root. */
export function isRoot(): boolean {
  return userInfo().uid === 0
}
