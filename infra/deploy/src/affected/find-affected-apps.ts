import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AppName, appOrder } from '../plan.ts'
import { changedFiles, changedPackages } from './changed-packages.ts'

/** What a change touches. */
export interface Affected {
  /** In the order in which they are deployed. */
  readonly apps: readonly AppName[]
  /** What the apps say to each other may have changed: gateways wait until the workers are deployed. */
  readonly contracts: boolean
  readonly why: string
}

const packageOf = { worker: '@botyard/worker', gateway: '@botyard/ingest-gateway', admin: '@botyard/admin' }
const folderOf = { worker: 'worker', gateway: 'ingest-gateway', admin: 'admin' }
const contractPackages = ['@botyard/queue-contracts', '@botyard/mailbox', '@botyard/service-kit']

/**
 * The apps whose images differ between two commits: by what turbo says has changed, followed along what the
 * images hold (`dependencies`, not those for tests), and by the files that images are made of. Without a
 * commit to compare with it is all of them.
 */
export function findAffectedApps(root: string, from: string, to: string): Affected {
  let packages: string[]
  let files: string[]
  try {
    packages = changedPackages(root, from, to)
    files = changedFiles(root, from, to)
  } catch {
    return { apps: appOrder, contracts: true, why: `${from} is not here to be compared with: all apps` }
  }
  const changed = new Set(packages)
  const dependencies = readDependencies(root)
  const isAffected = (app: AppName) =>
    [...closureOf(packageOf[app], dependencies)].some(name => changed.has(name)) ||
    files.some(file => isOfImage(file, app))
  return {
    apps: appOrder.filter(isAffected),
    contracts: contractPackages.some(name => changed.has(name)),
    why: packages.length === 0 ? 'no package changed' : `changed: ${packages.sort().join(', ')}`,
  }
}

function isOfImage(file: string, app: AppName): boolean {
  return (
    file === `infra/containers/${folderOf[app]}.Dockerfile` || file === 'infra/containers/healthcheck.mjs'
  )
}

/** Every package of the workspace, and the ones of it that its image holds. */
function readDependencies(root: string): Map<string, string[]> {
  const manifests = globSync('{apps,packages,infra}/*/package.json', { cwd: root })
  return new Map(
    manifests.map(file => {
      const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as {
        name: string
        dependencies?: Record<string, string>
      }
      return [manifest.name, Object.keys(manifest.dependencies ?? {})]
    }),
  )
}

function closureOf(name: string, dependencies: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set([name])
  for (const one of found) for (const next of dependencies.get(one) ?? []) found.add(next)
  return found
}
