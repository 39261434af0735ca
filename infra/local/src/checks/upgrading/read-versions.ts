import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a build writes and reads that another release, or another app, may have to read or write too. */
export interface CrossingVersions {
  readonly versions: Readonly<Record<string, number>>
  /** Every variable that a program reads. */
  readonly settings: readonly string[]
}

/** A version that stands as a number in a file. */
interface Constant {
  readonly title: string
  readonly file: string
  readonly name: string
}

const contracts = 'packages/queue-contracts/src'
const constants: readonly Constant[] = [
  { title: 'mailbox layout', file: 'packages/mailbox/src/check-layout.ts', name: 'layoutVersion' },
  { title: 'wake-up job', file: `${contracts}/token-job.ts`, name: 'tokenJobVersion' },
  { title: 'inbound update', file: `${contracts}/inbound-update.ts`, name: 'inboundVersion' },
  { title: 'packed inbound update', file: `${contracts}/inbound-update.ts`, name: 'packedInboundVersion' },
  { title: 'outbound message', file: `${contracts}/outbound-message.ts`, name: 'outboundVersion' },
  { title: 'answer to a call', file: `${contracts}/call-response.ts`, name: 'callResponseVersion' },
  { title: 'dead letter', file: `${contracts}/dead-letter.ts`, name: 'deadLetterVersion' },
  { title: 'broadcast result', file: `${contracts}/broadcast-result.ts`, name: 'broadcastResultVersion' },
  { title: 'sealed envelope', file: 'packages/service-kit/src/keyring.ts', name: 'version' },
]

const migrations: Readonly<Record<string, string>> = {
  'control database': 'packages/control-database/src/migrations',
  'user shards': 'packages/shard-routing/src/migrations',
}

/** Frames of these are read in the version before, too; so one release may move them by one. */
export const readOneBack: ReadonlySet<string> = new Set([
  'inbound update',
  'packed inbound update',
  'outbound message',
  'answer to a call',
  'dead letter',
  'broadcast result',
])

/** Reads them from the sources at `root`, which need not be installed. What is not there has no version. */
export function readVersions(root: string): CrossingVersions {
  const versions = [
    ...constants.map(constant => [constant.title, readConstant(root, constant)] as const),
    ...Object.entries(migrations).map(([title, folder]) => [title, lastMigration(root, folder)] as const),
  ]
  return {
    versions: Object.fromEntries(versions.flatMap(([title, n]) => (n === undefined ? [] : [[title, n]]))),
    settings: readSettings(root),
  }
}

/** Constants of packages that look like such a version and have no title here. */
export function findUntitled(root: string): string[] {
  return globSync('packages/*/src/**/*.ts', { cwd: root, exclude: ['**/node_modules'] })
    .sort()
    .flatMap(file =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/^export const (\w+Version) = \d+$/gm)]
        .filter(([, name]) => !constants.some(known => known.file === file && known.name === name))
        .map(([, name]) => `${file}: ${name} has no title in read-versions.ts, so no page tells it`),
    )
}

function readConstant(root: string, { file, name }: Constant): number | undefined {
  const path = join(root, file)
  if (!existsSync(path)) return undefined
  const [, value] =
    new RegExp(`^(?:export )?const ${name} = (\\d+)$`, 'm').exec(readFileSync(path, 'utf8')) ?? []
  return value === undefined ? undefined : Number(value)
}

function lastMigration(root: string, folder: string): number | undefined {
  const numbers = globSync(`${folder}/[0-9][0-9][0-9]-*.ts`, { cwd: root }).map(file =>
    Number(/\/(\d{3})-[^/]*$/.exec(file.replaceAll('\\', '/'))![1]),
  )
  return numbers.length === 0 ? undefined : Math.max(...numbers)
}

/** From the page that is generated from the apps' schemas. */
function readSettings(root: string): string[] {
  const page = join(root, 'docs', 'configuration.md')
  if (!existsSync(page)) return []
  const names = [...readFileSync(page, 'utf8').matchAll(/^\| `([A-Z][A-Z0-9_]*)` \|/gm)].map(
    ([, name]) => name!,
  )
  return [...new Set(names)].sort()
}
