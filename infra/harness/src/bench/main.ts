import { cpus } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheUsage, readCacheOptions } from './cache/cache-options.ts'
import { renderCacheTable } from './cache/cache-report.ts'
import { measureCaches } from './cache/measure-cache.ts'
import { ingest } from './ingest.ts'
import { measureNlp } from './nlp/measure-nlp.ts'
import { nlpUsage, readNlpOptions } from './nlp/nlp-options.ts'
import { renderNlpTable } from './nlp/nlp-report.ts'
import { readOptions, UsageError, usage } from './options.ts'
import { renderTable, summarise } from './report.ts'

const directory = fileURLToPath(new URL('../../../../.botyard/bench', import.meta.url))

const progress = (line: string) => process.stderr.write(`${line}\n`)
const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version }
const setting = `${machine.cores} cores of ${machine.cpu}, Node ${machine.node}; one gateway, one worker, one Redis`

const benchmarks: Readonly<Record<string, { usage: string; run(args: readonly string[]): Promise<string> }>> = {
  ingest: {
    usage,
    async run(args) {
      const options = readOptions(args)
      progress(setting)
      const runs = await ingest(options, directory, progress)
      const summaries = summarise(runs)
      if (options.profile)
        progress(`Processor profiles, for Chrome's or VS Code's viewer: ${join(directory, 'profiles')}`)
      return options.json ? JSON.stringify({ machine, options, summaries, runs }, null, 2) : renderTable(summaries)
    },
  },
  nlp: {
    usage: nlpUsage,
    async run(args) {
      const options = readNlpOptions(args)
      progress(`${setting}; ${options.perSecond} messages a second`)
      const runs = await measureNlp(options, directory, progress)
      return options.json ? JSON.stringify({ machine, options, runs }, null, 2) : renderNlpTable(runs)
    },
  },
  cache: {
    usage: cacheUsage,
    async run(args) {
      const options = readCacheOptions(args)
      progress(`${machine.cores} cores of ${machine.cpu}, Node ${machine.node}; one Redis, two parts of each cache`)
      const runs = await measureCaches(options, progress)
      return options.json ? JSON.stringify({ machine, options, runs }, null, 2) : renderCacheTable(runs)
    },
  },
}

async function main([command = '', ...args]: readonly string[]): Promise<void> {
  const benchmark = Object.hasOwn(benchmarks, command) ? benchmarks[command] : undefined
  if (benchmark === undefined) {
    throw new UsageError(`There are the benchmarks ${Object.keys(benchmarks).join(', ')}. Not '${command}'`)
  }
  process.stdout.write(`${await benchmark.run(args)}\n`)
}

/* Ctrl-C: `exit` handlers end the children. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  const usages = Object.values(benchmarks).map(benchmark => benchmark.usage)
  process.stderr.write(`${error.message}\n\n${usages.join('\n\n')}\n`)
  process.exitCode = 2
}
