// npm run prove -- chaos [--minutes 10] [--conversations 300] [--seed 1]
// npm run prove -- broadcast [--recipients 100000] [--limit 300] [--updates 25]
// npm run prove -- attack [--rate 50] [--traffic 150] [--rounds 8]
// npm run prove -- cache [--minutes 10] [--processes 4] [--keys 12] [--seed 1]
// npm run prove -- operations [--only half-open]
import { renderAttack } from './attack/render-attack.ts'
import { type AttackOptions, runAttack } from './attack/run-attack.ts'
import { renderBroadcast } from './broadcast/render-broadcast.ts'
import { type BroadcastOptions, runBroadcast } from './broadcast/run-broadcast.ts'
import { renderCache } from './cache/render-cache.ts'
import { type CacheOptions, runCache } from './cache/run-cache.ts'
import { type ChaosOptions, runChaos } from './chaos/run-chaos.ts'
import { reportFolder } from './config.ts'
import { renderOperations, renderResult } from './operations/render-operations.ts'
import { type OperationsOptions, runOperations } from './operations/run-operations.ts'
import { type Options, readOptions, UsageError } from './options.ts'
import { keepReport, renderReport } from './report.ts'

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error)
  process.exitCode = 2
}

async function main(args: readonly string[]): Promise<number> {
  const asked = readOptions(args)
  const folder = reportFolder()
  const startedAt = new Date().toISOString()
  const { report, text } = await prove(asked)
  // Said before it is written: a full disk must not swallow what was found.
  console.log(text)
  console.log(`Report: ${keepReport(folder, asked.proof, { startedAt, ...asked.options, ...report })}`)
  return report.problems.length === 0 ? 0 : 1
}

function prove(asked: Options) {
  if (asked.proof === 'chaos') return chaos(asked.options)
  if (asked.proof === 'attack') return attack(asked.options)
  if (asked.proof === 'operations') return operations(asked.options)
  return asked.proof === 'cache' ? cache(asked.options) : broadcast(asked.options)
}

async function chaos(options: ChaosOptions) {
  const { seconds, conversations, seed } = options
  console.log(`Chaos for ${seconds / 60} minutes, ${conversations} conversations: workers, gateways and Redis are`)
  console.log(`killed and stopped. The same faults in the same order again: --seed ${seed}`)
  const report = await runChaos(options)
  return { report, text: renderReport(report) }
}

async function broadcast(options: BroadcastOptions) {
  const { recipients, limit, updates, others, workers } = options
  console.log(`${workers} workers broadcast to ${recipients} chats, ${limit} messages a second permitted, while people`)
  console.log(
    `write ${updates} updates a second to that bot and ${others} to another: about ${Math.ceil(recipients / limit)} seconds.`,
  )
  const report = await runBroadcast(options)
  return { report, text: renderBroadcast(report) }
}

async function attack(options: AttackOptions) {
  const { perSecond, updates, seconds, rounds } = options
  console.log(
    `Strangers call a gateway ${perSecond} times a second while another bot gets ${updates} updates a second:`,
  )
  console.log(`three attacks, ${rounds} turns each of ${seconds} seconds on a decoy and ${seconds} on the gateway.`)
  const report = await runAttack(options)
  return { report, text: renderAttack(report) }
}

async function cache(options: CacheOptions) {
  const { seconds, processes, keys, seed } = options
  console.log(
    `For ${seconds / 60} minutes ${processes} processes read and write ${keys} keys through one cache; they and its`,
  )
  console.log(`Redis are killed and stopped. The same faults in the same order again: --seed ${seed}`)
  const report = await runCache(options)
  return { report, text: renderCache(report) }
}

async function operations(options: OperationsOptions) {
  console.log('Each fault is made on a system of its own: some minutes in all.')
  const report = await runOperations(options, result => console.log(renderResult(result)))
  return { report, text: renderOperations(report) }
}
