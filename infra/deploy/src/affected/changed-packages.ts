import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** What turbo knows of a repository. */
interface Listing {
  readonly packages: { readonly items: readonly { readonly name: string }[] }
}

/**
 * The packages that changed between two commits, by files of theirs, by their locked dependencies, or all of
 * them by what all depend on (`globalDependencies` of turbo.json); those that only depend on them are not
 * named. Throws if git does not have one of the commits.
 */
export function changedPackages(root: string, from: string, to: string): string[] {
  for (const commit of [from, to])
    git(root, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`)
  const turbo = join(import.meta.dirname, '..', '..', '..', '..', 'node_modules', '.bin', 'turbo')
  const output = execFileSync(turbo, ['ls', `--filter=[${from}...${to}]`, '--output=json'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', NO_UPDATE_NOTIFIER: '1' },
  })
  const { packages } = JSON.parse(output.slice(output.indexOf('{'))) as Listing
  return packages.items.map(({ name }) => name)
}

/** The files that changed between two commits, as git names them. */
export function changedFiles(root: string, from: string, to: string): string[] {
  return git(root, 'diff', '--name-only', from, to).split('\n').filter(Boolean)
}

function git(root: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}
