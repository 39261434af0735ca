import { StartupError } from '../errors.ts'
import { findExecutable } from '../processes/find-executable.ts'
import { isRoot } from '../processes/run-as-user.ts'
import { runToEnd } from '../processes/run-to-end.ts'

/**
 * What to put before a command so that it runs as root without a question; undefined if that is impossible.
 */
export async function administratorPrefix(): Promise<string[] | undefined> {
  if (isRoot()) return []
  if (!findExecutable('sudo')) return undefined
  const { code } = await runToEnd('sudo', ['-n', 'true'])
  return code === 0 ? ['sudo', '-n'] : undefined
}

/**
 * Installs a package; rejects with a `StartupError` that says how to do it `byHand`. `log` receives what apt
 * says.
 */
export async function installByApt(
  name: string,
  { prefix, log, byHand }: { prefix: readonly string[]; log: string; byHand: string },
): Promise<void> {
  const apt = [
    ...prefix,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-q',
    '-o',
    'DPkg::Lock::Timeout=120',
  ]
  // The lists of a fresh container are empty; an update that fails may still leave lists that are good
  // enough.
  await runToEnd(apt[0]!, [...apt.slice(1), 'update'], { log })
  const install = ['install', '-y', '--no-install-recommends', name]
  const { code, output } = await runToEnd(apt[0]!, [...apt.slice(1), ...install], { log })
  if (code === 0) return
  throw new StartupError(
    `apt could not install ${name}: ${output.trim().split('\n').at(-1)}`,
    `All it said is in ${log}. Install it by hand (${byHand}), then run the command again.`,
  )
}
