import { number } from '../../shared/options.ts'
import { type ReplyTimes, renderReplyTimes } from '../../shared/reply-times.ts'
import { defineScenario } from '../../shared/scenario.ts'
import { type BroadcastReport, runBroadcast } from './run-broadcast.ts'

/** `npm run prove -- broadcast` */
export const broadcast = defineScenario({
  summary:
    'has real workers tell many chats the same, while people talk with that bot and with another, under a limit counted as Telegram counts; replies are timed before and during it.',
  clean: 'everybody got it once, within the limit, and every update was answered.',
  options: {
    recipients: number('chats', { default: 100_000 }),
    limit: number('messages a second that the platform permits the bot', { default: 300 }),
    updates: number('updates a second that people write to that bot meanwhile', { default: 25, min: 0 }),
    others: number('and to the other one', { default: 25, min: 0 }),
    workers: number('worker processes', { default: 2 }),
    quiet: number('seconds that replies are timed before the broadcast', { default: 20 }),
  },
  async run({ quiet, ...options }, { say }) {
    say(`The broadcast alone takes about ${Math.ceil(options.recipients / options.limit)} seconds.`)
    const { problems, ...report } = await runBroadcast({ ...options, quietSeconds: quiet })
    return { ledger: broadcastLedger(report), problems, facts: report }
  },
})

/** A run for a person. */
export function broadcastLedger(report: Omit<BroadcastReport, 'problems'>): Record<string, string | number> {
  const { seconds, perSecond, used, maxInASecond, refused, late, results, before, during } = report
  const bots = Object.keys(before)
  return {
    ...results,
    seconds,
    'messages a second': `${perSecond}, ${percent(used)} of the limit`,
    'messages in the fullest second': maxInASecond,
    'calls answered with 429': refused,
    ...(late > 0.01
      ? {
          'the machine was busy': `${percent(late)} of this process's timers were late, figures are worse for it`,
        }
      : {}),
    ...Object.assign({}, ...bots.map(bot => timesOf(bot, before[bot]!, during[bot]!))),
  }
}

function timesOf(bot: string, before: ReplyTimes, during: ReplyTimes): Record<string, string> {
  const ratio = before.p99 && during.p99 ? `; p99 × ${(during.p99 / before.p99).toFixed(1)}` : ''
  return {
    [`replies of the bot ${bot}, before`]: renderReplyTimes(before),
    [`replies of the bot ${bot}, during`]: `${renderReplyTimes(during)}${ratio}`,
  }
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`
}
