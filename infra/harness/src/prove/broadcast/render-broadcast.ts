import type { ReplyTimes } from './conversations.ts'
import type { BroadcastReport } from './run-broadcast.ts'

/** A run for a person. */
export function renderBroadcast(report: BroadcastReport): string {
  const { seconds, perSecond, used, mostInASecond, refused, late, results, before, during, problems } = report
  const { sent, failed, uncertain } = results
  return [
    `${sent} sent, ${failed} failed, ${uncertain} uncertain in ${seconds} s`,
    `${perSecond} messages a second, ${percent(used)} of the limit; ${mostInASecond} in the fullest second, ${refused} times 429`,
    ...(late > 0.01
      ? [`the machine was busy: ${percent(late)} of this process's timers were late, figures are worse for it`]
      : []),
    ...Object.keys(before).map(bot => `replies of the bot ${bot}: ${change(before[bot]!, during[bot]!)}`),
    ...problems.map(problem => `  ✗ ${problem}`),
    problems.length === 0
      ? 'Clean: everybody got it once, within the limit, and every update was answered.'
      : `NOT CLEAN: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}, see above.`,
  ].join('\n')
}

function change(before: ReplyTimes, during: ReplyTimes): string {
  const times = ({ replies, p50, p99, max }: ReplyTimes) => `p50 ${p50} ms, p99 ${p99} ms, max ${max} ms (${replies})`
  const ratio = (during.p99 / before.p99).toFixed(1)
  return `before ${times(before)}; during ${times(during)}; p99 × ${ratio}`
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`
}
