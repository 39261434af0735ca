import { number, seed } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import { renderPercentiles } from '../../shared/statistics.ts'
import { type CompatibilityReport, runCompatibility } from './run-compatibility.ts'

/** `npm run prove -- compatibility` */
export const compatibility = defineScenario({
  summary:
    'replaces the apps of the release before by those of this build, and back, one after the other and migrations first, while messages of three platforms flow.',
  clean: 'nothing lost, doubled, reordered, refused or forgotten, whichever releases worked together.',
  options: {
    rate: number('messages a second of each platform', { default: 20, min: 1 }),
    'at-least': number('answers of each platform that every stage waits for', { default: 25 }),
    seed: seed('the traffic of an earlier run'),
  },
  notes: `The release before is the commit in infra/deploy/previous-release.json, which the clone must have. The bot counts the messages of
its conversations in ctx.state, the profile and the session, and says so when a count does not fit the message.`,
  async run({ rate, seed, ...options }, { say }) {
    const report = await runCompatibility({ rate, seed, atLeast: options['at-least'] }, say)
    return { ledger: ledgerOf(report), problems: report.problems, facts: { ...report } }
  },
})

function ledgerOf({ previous, stages, books }: CompatibilityReport): Record<string, string> {
  const rows = books.map(
    book =>
      [
        book.platform,
        `${book.sent} sent, ${book.accepted} accepted, ${book.handled} answered, ${book.lost} lost, ${book.duplicated} doubled, ${book.outOfOrder} reordered; ack ${renderPercentiles(book.ackMs)}`,
      ] as const,
  )
  return { 'release before': previous, stages: String(stages.length), ...Object.fromEntries(rows) }
}
