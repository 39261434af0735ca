import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AppName, appOrder } from '../plan.ts'
import { changedFiles, changedPackages } from './changed-packages.ts'

/** What a change touches. */
export interface Affected {
  /** In the order in which they are deployed. */
  readonly apps: readonly AppName[]
  /** The contract between the apps changed since the workers' commit: gateways wait for the workers. */
  readonly contracts: boolean
  /** A line for each app. */
  readonly why: string
}

/** The commit that is deployed: of all apps, or of each, where it is known. */
export type Deployed = string | Readonly<Partial<Record<AppName, string>>>

/** The folder of the bots' image, as deploy.yml has it unless `BOTS` names another one. */
export const exampleBots = 'infra/containers/example'

interface Change {
  readonly packages: ReadonlySet<string>
  readonly files: readonly string[]
}

const packageOf = { worker: '@botyard/worker', gateway: '@botyard/ingest-gateway', admin: '@botyard/admin' }
const folderOf = { worker: 'worker', gateway: 'ingest-gateway', admin: 'admin' }
const contractPackages = ['@botyard/queue-contracts', '@botyard/mailbox', '@botyard/service-kit']

/**
 * The apps that differ between the commit that each was deployed at and another one: by what turbo says has
 * changed, followed along what the images hold (`dependencies`, not those for tests), and by the files that
 * images and Kubernetes' manifests are made of. An app without a commit to compare with is one of them.
 */
export function findAffectedApps(root: string, deployed: Deployed, to: string, bots = exampleBots): Affected {
  const dependencies = readDependencies(root)
  const known = new Map<string, Change | undefined>()
  const changeSince = (from: string) => {
    if (!known.has(from)) known.set(from, readChange(root, from, to))
    return known.get(from)
  }
  const compared = appOrder.map(app => {
    const from = (typeof deployed === 'string' ? deployed : deployed[app]) ?? ''
    const change = changeSince(from)
    const isAffected = change === undefined || touches(change, app, dependencies, bots)
    return { app, from, change, isAffected }
  })
  const ofWorker = compared.find(({ app }) => app === 'worker')?.change
  return {
    apps: compared.filter(({ isAffected }) => isAffected).map(({ app }) => app),
    contracts: ofWorker === undefined || contractPackages.some(name => ofWorker.packages.has(name)),
    why: compared
      .map(
        ({ app, from, change, isAffected }) => `${isAffected ? '+' : ' '} ${app}: ${reasonOf(from, change)}`,
      )
      .join('\n'),
  }
}

/** Nothing, if git does not have one of the commits. */
function readChange(root: string, from: string, to: string): Change | undefined {
  try {
    return { packages: new Set(changedPackages(root, from, to)), files: changedFiles(root, from, to) }
  } catch {
    return undefined
  }
}

function reasonOf(from: string, change: Change | undefined): string {
  if (change === undefined) return from === '' ? 'no deployment is known' : `${from} is not here`
  const { packages, files } = change
  return `${files.length} files since ${from}, of ${[...packages].sort().join(', ') || 'no package'}`
}

function touches(
  { packages, files }: Change,
  app: AppName,
  dependencies: ReadonlyMap<string, readonly string[]>,
  bots: string,
): boolean {
  return (
    [...closureOf(packageOf[app], dependencies)].some(name => packages.has(name)) ||
    files.some(file => isOfImage(file, app, bots) || isOfManifests(file, app))
  )
}

/** Files that no package holds. The worker is deployed as the bots' image, which is made of a folder more. */
function isOfImage(file: string, app: AppName, bots: string): boolean {
  return (
    file === `infra/containers/${folderOf[app]}.Dockerfile` ||
    ['infra/containers/healthcheck.mjs', '.dockerignore', '.npmrc'].includes(file) ||
    (app === 'worker' && file.startsWith(`${bots.replace(/^\.\/|\/$/g, '')}/`))
  )
}

/** A manifest that names an app in its path is that app's; any other one may be of all. */
function isOfManifests(file: string, app: AppName): boolean {
  if (!/^infra\/kubernetes\/.*\.ya?ml$/.test(file)) return false
  const named = appOrder.filter(name => file.split(/[/.-]/).includes(name))
  return named.length === 0 || named.includes(app)
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
