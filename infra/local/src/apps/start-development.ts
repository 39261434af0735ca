import { relative } from 'node:path'
import { repository } from '../config.ts'
import { StartupError } from '../errors.ts'
import type { Supervisor } from '../processes/supervisor.ts'
import { sourcesOf, watchSources } from '../processes/watch-sources.ts'
import type { Terminal } from '../screen/terminal.ts'
import { apps } from './app-process.ts'
import { checkBots } from './check-bots.ts'

/** The bots' files: the worker runs them, but a broken one must not end it. */
const botsFolder = 'bots'

/**
 * `npm run dev`: what changed starts again, and nothing else. A bot's file that does not load leaves the old
 * worker running.
 */
export function startDevelopment(options: {
  readonly supervisor: Supervisor
  readonly terminal: Terminal
  readonly workerEnv: NodeJS.ProcessEnv
}): { close(): Promise<void> } {
  const { supervisor, terminal, workerEnv } = options
  const bots = workerEnv.BOTS_DIR
  const watched = [...sourcesOf(apps), ...(bots === undefined ? [] : [{ folder: bots, names: [botsFolder] }])]
  let running = Promise.resolve()
  const watcher = watchSources(watched, (names, file) => {
    running = running.then(() => restart(names, file)).catch(tellFailure)
  })

  async function restart(names: ReadonlySet<string>, file: string): Promise<void> {
    if (names.has(botsFolder)) await checkBots(workerEnv, terminal)
    const affected = new Set([...names].map(name => (name === botsFolder ? 'worker' : name)))
    terminal.line(
      `  ${terminal.dim(`${relative(repository, file)} changed, starting again: ${[...affected].join(', ')}`)}`,
    )
    await Promise.all([...affected].map(name => supervisor.restart(name)))
  }

  function tellFailure(error: unknown): void {
    const message =
      error instanceof StartupError ? error.message : `Not started again: ${(error as Error).message}`
    for (const line of message.split('\n')) terminal.line(`  ${line}`)
  }

  return {
    async close() {
      watcher.close()
      await running
    },
  }
}
