import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from '@botyard/local-infra'
import { mustRun } from '../../shared/run-program.ts'
import type { Engine } from './engine.ts'

/** The image that a Dockerfile begins with: `node:24.21.0-bookworm-slim`. */
export function baseOf(dockerfile: string): string {
  const [, base] = /^FROM (node:\S+) AS base$/m.exec(readFileSync(join(repository, dockerfile), 'utf8')) ?? []
  if (base === undefined) throw new Error(`${dockerfile} does not begin with an image of Node`)
  return base
}

/**
 * Gives the engine a stand-in for the official image, which a machine without a registry cannot have. It is
 * Debian by debootstrap, this Node and its npm, and the user `node`: less than the official one has, so what
 * works here works there. Making it needs root and half a minute; it is kept in `folder` for the next time.
 */
export async function provideBaseImage(engine: Engine, base: string, folder: string): Promise<void> {
  const archive = join(folder, `${base.replace(':', '-')}.tar`)
  if (!existsSync(archive)) await makeRoot(base, archive)
  await engine.podman('import', '--quiet', archive, `docker.io/library/${base}`)
}

async function makeRoot(base: string, archive: string): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'by-debian-'))
  try {
    const [, release = ''] = /-(\w+)-slim$/.exec(base) ?? []
    await mustRun('debootstrap', ['--variant=minbase', release, root])
    copyFileSync(process.execPath, join(root, 'usr/local/bin/node'))
    await mustRun('npm', ['install', '--silent', '--global', '--prefix', join(root, 'usr/local'), 'npm@11'])
    await mustRun('chroot', [root, 'groupadd', '--gid', '1000', 'node'])
    await mustRun('chroot', [root, 'useradd', '--uid', '1000', '--gid', 'node', '--create-home', 'node'])
    for (const rest of ['var/cache/apt/archives', 'var/lib/apt/lists'])
      rmSync(join(root, rest), { recursive: true, force: true })
    await mustRun('tar', ['--create', '--file', `${archive}.part`, '--directory', root, '.'])
    renameSync(`${archive}.part`, archive)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
