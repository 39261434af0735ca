import { isClean, type Ledger } from './ledger.ts'
import { noHandler } from './register-bot.ts'
import type { Report } from './simulate.ts'
import { type Percentiles, percentiles } from './timings.ts'

/** One line of progress. */
export function renderProgress(seconds: number, ledger: Ledger): string {
  const { sent, accepted, handled, refused } = ledger.counts
  const ack = percentiles(ledger.takeRecentAckMs())
  const parts = [
    `${String(Math.round(seconds)).padStart(3)} s`,
    `sent ${count(sent)}`,
    `accepted ${count(accepted)}`,
    `replied ${count(handled)}`,
    `waiting ${count(accepted - handled)}`,
    `ack p99 ${ms(ack.p99)}`,
    ...(refused > 0 ? [`refused ${count(refused)}`] : []),
  ]
  return parts.join('   ')
}

/** The ledger as a table for people. */
export function renderReport(report: Report): string {
  const rows: [string, string][] = [
    [
      'sent',
      `${count(report.sent)}  (${(report.sent / report.sentForSeconds).toFixed(0)}/s for ${report.sentForSeconds.toFixed(1)} s, seed ${report.seed})`,
    ],
    ['accepted', count(report.accepted)],
    ['duplicates sent', count(report.duplicatesSent)],
    ['handled', count(report.handled)],
    ['replied', count(report.replied)],
    ['undelivered', count(report.undelivered)],
    ...(report.waiting > 0 ? [['waiting', count(report.waiting)] as [string, string]] : []),
    ['lost', count(report.lost)],
    ['duplicated', count(report.duplicated)],
    ['out of order', count(report.outOfOrder)],
    ['strange', count(report.strange)],
    ['refused', refusals(report.refused)],
    ...(report.throttled === undefined ? [] : [['throttled', count(report.throttled)] as [string, string]]),
    ['ack', times(report.ackMs)],
    ['update to reply', times(report.updateToReplyMs)],
    ['drained after', `${report.drainedForSeconds.toFixed(1)} s`],
    ['sender', `${report.senderCpuPercent.toFixed(0)} % of a core, late by ${times(report.senderLagMs)}`],
  ]
  const verdict = verdictOf(report)
  return ['', ...rows.map(([name, value]) => `  ${name.padEnd(16)}${value}`), '', verdict].join('\n')
}

function verdictOf(report: Report): string {
  if (isClean(report)) return 'Clean: nothing lost, nothing doubled, all in order.'
  return report.waiting > 0 ? `NOT clean: what waits is not lost. ${noHandler}` : 'NOT clean: see above.'
}

function refusals(refused: Report['refused']): string {
  const entries = Object.entries(refused)
  return entries.length === 0 ? '0' : entries.map(([answer, calls]) => `${answer}: ${count(calls)}`).join(', ')
}

function times({ p50, p99, max }: Percentiles): string {
  return `p50 ${ms(p50)}, p99 ${ms(p99)}, max ${ms(max)}`
}

function ms(value: number | null): string {
  return value === null ? '-' : `${value.toFixed(value < 10 ? 1 : 0)} ms`
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}
