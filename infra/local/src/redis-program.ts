import { findExecutable } from './find-executable.ts'
import { isRoot } from './reachable-by-all.ts'
import { runToEnd } from './run-to-end.ts'
import { StartupError } from './startup-error.ts'
import type { Terminal } from './terminal.ts'

const programs = ['redis-server', 'valkey-server'] as const

/**
 * The path of a Redis or Valkey server: on PATH, else installed by apt where that needs no question (root, or sudo without
 * password); throws a `StartupError` with the command for this system otherwise. `log` receives what apt says.
 */
export async function findRedis(terminal: Terminal, log: string): Promise<string> {
  const found = findExecutable(...programs)
  if (found) return found
  const prefix = await administratorPrefix()
  if (findExecutable('apt-get') && prefix) {
    await terminal.step('Installing redis-server with apt (once)', () => installByApt(prefix, log))
    const installed = findExecutable(...programs)
    if (installed) return installed
  }
  throw new StartupError(
    'Botyard needs a Redis server, and neither redis-server nor valkey-server is on PATH.',
    `Install one:\n  ${installCommand()}\nthen run the command again; or let Botyard use one that runs: REDIS_URL=redis://… npm start`,
  )
}

/** What to put before a command so that it runs as root without a question; undefined if that is impossible. */
async function administratorPrefix(): Promise<string[] | undefined> {
  if (isRoot()) return []
  if (!findExecutable('sudo')) return undefined
  const { code } = await runToEnd('sudo', ['-n', 'true'])
  return code === 0 ? ['sudo', '-n'] : undefined
}

async function installByApt(prefix: string[], log: string): Promise<void> {
  const apt = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-o', 'DPkg::Lock::Timeout=120']
  // The lists of a fresh container are empty; an update that fails may still leave lists that are good enough.
  await runToEnd(apt[0]!, [...apt.slice(1), 'update'], { log })
  const install = ['install', '-y', '--no-install-recommends', 'redis-server']
  const { code, output } = await runToEnd(apt[0]!, [...apt.slice(1), ...install], { log })
  if (code === 0) return
  throw new StartupError(
    `apt could not install redis-server: ${output.trim().split('\n').at(-1)}`,
    `All it said is in ${log}. Install it by hand (${installCommand()}), then run the command again.`,
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
