import { number } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import type { Table } from '../../shared/table.ts'
import { type Part, runRestore } from './run-restore.ts'

/** `npm run drill -- restore` */
export const restore = defineScenario({
  summary:
    'backs up keys, Redis and databases while people write, destroys all of it, and restores it elsewhere.',
  clean:
    'nothing that was accepted before the backup is lost, and only what waited in it was answered twice.',
  options: {
    chats: number('people who write', { default: 20 }),
    messages: number('messages of each, in each part', { default: 5 }),
  },
  notes: 'It needs a Postgres with pg_dump, and redis-cli: apt-get install postgresql redis-tools.',
  async run(values, { say }) {
    const report = await runRestore(values, say)
    const { backupSeconds, restoreSeconds, parts, problems } = report
    return {
      ledger: {
        'backup took': `${backupSeconds.toFixed(1)} s`,
        'restored after': `${restoreSeconds.toFixed(1)} s`,
      },
      table: tableOf(parts),
      problems,
      facts: { ...report },
    }
  },
})

function tableOf(parts: readonly Part[]): Table {
  return {
    head: ['messages', 'in all', 'unanswered', 'answered twice'],
    rows: parts.map(({ what, messages, unanswered, answeredTwice }) => [
      ...[what, messages, unanswered, answeredTwice],
    ]),
  }
}
