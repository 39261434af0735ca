import { number } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import type { Table } from '../../shared/table.ts'
import { runScaleOut, type ScaleOutPart } from './run-scale-out.ts'

/** `npm run prove -- scale-out` */
export const scaleOut = defineScenario({
  summary:
    'two machines (network namespaces) with a gateway and a worker each behind HAProxy, on one Redis and Postgres; one is cut off while people write, and comes back.',
  clean:
    'both machines worked, each message was answered once and in order, also while one machine was away.',
  options: {
    chats: number('people who write', { default: 40 }),
    messages: number('messages of each, in each part', { default: 10 }),
  },
  notes: 'It needs Linux, root, and HAProxy. docs/scale-out.md says what each machine is told.',
  async run(values, { say }) {
    const { parts, problems } = await runScaleOut(values, say)
    return { table: tableOf(parts), problems, facts: { parts } }
  },
})

function tableOf(parts: readonly ScaleOutPart[]): Table {
  return {
    head: ['', 'messages', 'unanswered', 'accepted by each', 'handled by each', 'seconds'],
    rows: parts.map(({ what, messages, unanswered, accepted, handled, seconds }) => [
      ...[what, messages, unanswered, accepted.join(' + '), handled.join(' + '), seconds.toFixed(1)],
    ]),
  }
}
