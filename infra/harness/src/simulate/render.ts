import { percentiles, renderCount, renderMs, renderPercentiles } from '../shared/statistics.ts'
import type { Ledger } from './ledger.ts'
import type { TrafficReport } from './simulate-traffic.ts'

/** One line of progress. */
export function renderProgress(seconds: number, ledger: Ledger): string {
  const { sent, accepted, handled, refused } = ledger.counts
  const ack = percentiles(ledger.takeRecentAckMs())
  const parts = [
    `${String(Math.round(seconds)).padStart(3)} s`,
    `sent ${renderCount(sent)}`,
    `accepted ${renderCount(accepted)}`,
    `replied ${renderCount(handled)}`,
    `waiting ${renderCount(accepted - handled)}`,
    `ack p99 ${renderMs(ack.p99)}`,
    ...(refused > 0 ? [`refused ${renderCount(refused)}`] : []),
  ]
  return parts.join('   ')
}

/** The account for people. */
export function trafficLedger(report: TrafficReport): Record<string, string | number> {
  const { sent, sentForSeconds, seed, throttled } = report
  return {
    sent: `${renderCount(sent)}  (${(sent / sentForSeconds).toFixed(0)}/s for ${sentForSeconds.toFixed(1)} s, seed ${seed})`,
    accepted: renderCount(report.accepted),
    'duplicates sent': renderCount(report.duplicatesSent),
    handled: renderCount(report.handled),
    replied: renderCount(report.replied),
    undelivered: renderCount(report.undelivered),
    ...(report.waiting === 0 ? {} : { waiting: renderCount(report.waiting) }),
    lost: renderCount(report.lost),
    duplicated: renderCount(report.duplicated),
    'out of order': renderCount(report.outOfOrder),
    strange: renderCount(report.strange),
    refused: refusals(report.refused),
    ...(throttled === undefined ? {} : { throttled: renderCount(throttled) }),
    ack: renderPercentiles(report.ackMs),
    'update to reply': renderPercentiles(report.updateToReplyMs),
    'drained after': `${report.drainedForSeconds.toFixed(1)} s`,
    sender: `${report.senderCpuPercent.toFixed(0)} % of a core, late by ${renderPercentiles(report.senderLagMs)}`,
  }
}

function refusals(refused: TrafficReport['refused']): string {
  const entries = Object.entries(refused)
  return entries.length === 0
    ? '0'
    : entries.map(([answer, calls]) => `${answer}: ${renderCount(calls)}`).join(', ')
}
