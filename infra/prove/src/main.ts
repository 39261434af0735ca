// npm run prove -- chaos [--minutes 10] [--conversations 300] [--seed 1]
// npm run prove -- broadcast [--recipients 100000] [--limit 1000] [--updates 50]
import { renderBroadcast } from './broadcast/render-broadcast.ts'
import { type BroadcastOptions, runBroadcast } from './broadcast/run-broadcast.ts'
import { type ChaosOptions, runChaos } from './chaos/run-chaos.ts'
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
  const { proof, options } = readOptions(args)
  const folder = reportFolder()
  const startedAt = new Date().toISOString()
  const { report, text } = proof === 'chaos' ? await chaos(options) : await broadcast(options)
  // Said before it is written: a full disk must not swallow what was found.
  console.log(text)
  console.log(`Report: ${keepReport(folder, proof, { startedAt, ...options, ...report })}`)
  return report.problems.length === 0 ? 0 : 1
}

async function chaos(options: ChaosOptions) {
  const { seconds, conversations, seed } = options
  console.log(`Chaos for ${seconds / 60} minutes, ${conversations} conversations: workers, gateways and Redis are`)
  console.log(`killed and stopped. The same faults in the same order again: --seed ${seed}`)
  const report = await runChaos(options)
  return { report, text: renderReport(report) }
}

async function broadcast(options: BroadcastOptions) {
  const { recipients, limit, updates, workers } = options
  console.log(`${workers} workers broadcast to ${recipients} chats, ${limit} messages a second permitted, while people`)
  console.log(`write ${updates} updates a second: about ${Math.ceil(recipients / limit)} seconds.`)
  const report = await runBroadcast(options)
  return { report, text: renderBroadcast(report) }
}
