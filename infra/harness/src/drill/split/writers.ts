import { join } from 'node:path'
import type { UserName } from '@botyard/shard-routing'
import { startProcess } from '@botyard/testkit'

/** What a writer process is started with. */
export interface WriterSettings {
  readonly controlUrl: string
  readonly redisUrl: string
  readonly keys: Parameters<typeof import('@botyard/service-kit').createKeyring>[0]
  /** Its own: nobody else writes them. */
  readonly users: readonly number[]
}

/** What a writer process prints at its end. */
export interface WriterSummary {
  /** The last count acknowledged of each user. */
  readonly counters: Record<number, number>
  writes: number
  reads: number
  /** Times that a call was told to come again. */
  repeats: number
  /** The longest write, with all its repeats. */
  longestMs: number
  readonly problems: string[]
}

/** Processes that write and read users, each its own. */
export interface Writers {
  /** Ends them; what each acknowledged, or why it could not say. */
  stop(): Promise<{ summaries: WriterSummary[]; problems: string[] }>
}

const file = join(import.meta.dirname, 'writer-process.ts')

/** The name of the nth user. */
export function nameOf(user: number): UserName {
  return { platform: 'telegram', scope: 'drill', user: String(user) }
}

/** Spreads the users over processes and starts them. */
export async function startWriters(options: {
  surroundings: object
  users: number
  processes: number
}): Promise<Writers> {
  const all = Array.from({ length: options.users }, (_, user) => user)
  const children = await Promise.all(
    Array.from({ length: options.processes }, (_, nth) => {
      const users = all.filter(user => user % options.processes === nth)
      return startProcess(file, { args: [JSON.stringify({ ...options.surroundings, users })] })
    }),
  )
  return {
    async stop() {
      const exits = await Promise.all(children.map(child => child.kill('SIGTERM')))
      const problems = exits.flatMap(({ code }, i) =>
        code === 0 ? [] : [`writer ${i + 1} ended with ${code}: ${reasonOf(children[i]!.lines)}`],
      )
      const lines = children.flatMap(child => child.lines.filter(line => line.startsWith('{"counters"')))
      return { summaries: lines.map(line => JSON.parse(line) as WriterSummary), problems }
    },
  }
}

/** What a process that ended by an error printed of it: Node's last line is its version. */
function reasonOf(lines: readonly string[]): string {
  return lines.findLast(line => /\w*Error\b.*:/.test(line)) ?? lines.at(-1) ?? 'nothing said'
}
