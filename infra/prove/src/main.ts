// npm run prove -- chaos [--minutes 10] [--conversations 300] [--seed 1]
import { parseArgs } from 'node:util'
import { runChaos } from './chaos/run-chaos.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '10' },
    conversations: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
  },
})
if (positionals.length > 1 || (positionals[0] ?? 'chaos') !== 'chaos') {
  console.error('npm run prove knows one proof: npm run prove -- chaos [--minutes 10] [--conversations 300] [--seed 1]')
  process.exit(2)
}
console.log(
  `chaos for ${values.minutes} minutes, seed ${values.seed}: workers, gateways and Redis are killed and stopped`,
)
const report = await runChaos({
  seconds: Number(values.minutes) * 60,
  conversations: Number(values.conversations),
  seed: Number(values.seed),
})
console.log(report)
console.log(report.problems.length === 0 ? 'nothing lost, doubled or out of order' : 'NOT CLEAN')
process.exitCode = report.problems.length === 0 ? 0 : 1
