import { cpus } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ingest } from './ingest.ts'
import { readOptions, UsageError, usage } from './options.ts'
import { renderTable, summarise } from './report.ts'

const directory = fileURLToPath(new URL('../../../.botyard/bench', import.meta.url))

async function main([command, ...args]: readonly string[]): Promise<void> {
  if (command !== 'ingest') throw new UsageError(`There is one benchmark: ingest. Not '${command ?? ''}'`)
  const options = readOptions(args)
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version }
  const progress = (line: string) => process.stderr.write(`${line}\n`)

  progress(`${machine.cores} cores of ${machine.cpu}, Node ${machine.node}; one gateway, one worker, one Redis`)
  const runs = await ingest(options, directory, progress)
  const summaries = summarise(runs)
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ machine, options, summaries, runs }, null, 2)}\n`
      : `${renderTable(summaries)}\n`,
  )
  if (options.profile) progress(`Processor profiles, for Chrome's or VS Code's viewer: ${join(directory, 'profiles')}`)
}

/* Ctrl-C: `exit` handlers end the children. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`${error.message}\n\n${usage}\n`)
  process.exitCode = 2
}
