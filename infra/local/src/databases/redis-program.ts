import { StartupError } from '../errors.ts'
import { findExecutable } from '../processes/find-executable.ts'
import { isRoot } from '../processes/run-as-user.ts'
import type { Terminal } from '../screen/terminal.ts'
import { administratorPrefix, installByApt } from './apt.ts'

const programs = ['redis-server', 'valkey-server'] as const

/**
 * The path of a Redis or Valkey server: on PATH, otherwise installed by apt where that needs no question
 * (root, or sudo without password); throws a `StartupError` with the command for this system otherwise. `log`
 * receives what apt says.
 */
export async function findRedis(terminal: Terminal, log: string): Promise<string> {
  const found = findExecutable(...programs)
  if (found) return found
  const prefix = await administratorPrefix()
  if (findExecutable('apt-get') && prefix) {
    await terminal.step('Installing redis-server with apt (once)', () =>
      installByApt('redis-server', { prefix, log, byHand: installCommand() }),
    )
    const installed = findExecutable(...programs)
    if (installed) return installed
  }
  throw new StartupError(
    'Botyard needs a Redis server, and neither redis-server nor valkey-server is on PATH.',
    `Install one:\n  ${installCommand()}\nthen run the command again; or let Botyard use one that runs: REDIS_URL=redis://… npm start`,
  )
}

function installCommand(): string {
  const sudo = isRoot() ? '' : 'sudo '
  const commands = [
    ['apt-get', `${sudo}apt-get update && ${sudo}apt-get install -y redis-server`],
    ['dnf', `${sudo}dnf install -y valkey`],
    ['yum', `${sudo}yum install -y redis`],
    ['apk', `${sudo}apk add redis`],
    ['pacman', `${sudo}pacman -S --noconfirm valkey`],
    ['zypper', `${sudo}zypper install -y redis`],
    ['brew', 'brew install redis'],
  ] as const
  const found = commands.find(([manager]) => findExecutable(manager))
  return found?.[1] ?? 'see https://redis.io/docs/latest/operate/oss_and_stack/install/'
}
