// npm run prove -- chaos [--minutes 10] [--conversations 300] [--seed 1]
import { runChaos } from './chaos/run-chaos.ts'
import { reportFolder } from './config.ts'
import { readOptions, UsageError } from './options.ts'
import { keepReport, renderReport } from './report.ts'

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error)
  process.exitCode = 2
}

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  const folder = reportFolder()
  const { seconds, conversations, seed } = options
  console.log(`Chaos for ${seconds / 60} minutes, ${conversations} conversations: workers, gateways and Redis are`)
  console.log(`killed and stopped. The same faults in the same order again: --seed ${seed}`)
  const startedAt = new Date().toISOString()
  const report = await runChaos(options)
  // Said before it is written: a full disk must not swallow what was found.
  console.log(renderReport(report))
  console.log(`Report: ${keepReport(folder, { startedAt, ...options, ...report })}`)
  return report.problems.length === 0 ? 0 : 1
}
