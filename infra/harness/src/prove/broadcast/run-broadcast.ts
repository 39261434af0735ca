import { setTimeout as delay } from 'node:timers/promises'
import { startBotApi } from '../../shared/bot-api.ts'
import { startLateness } from '../../shared/lateness.ts'
import type { ReplyTimes } from '../../shared/reply-times.ts'
import { waitWhileItMoves } from '../../shared/wait.ts'
import { type Conversations, startConversations } from './conversations.ts'
import { type ProvedSystem, startProvedSystem } from './proved-system.ts'
import { createRateLimit } from './rate-limit.ts'

/** The size of a run. */
export interface BroadcastOptions {
  readonly recipients: number
  /** Messages a second that the platform permits the bot: Telegram's 30, or up to 1,000 that are paid for. */
  readonly limit: number
  /**
   * Updates a second that people write meanwhile to the bot that broadcasts, whose replies count too, and to
   * another one.
   */
  readonly updates: number
  readonly others: number
  readonly workers: number
  /** How long replies are timed before the broadcast begins. */
  readonly quietSeconds: number
}

/** What a run found. */
export interface BroadcastReport {
  /** From the first message of the broadcast to the last. */
  readonly seconds: number
  /**
   * Messages a second of the bot that broadcasts, its replies included, after the first second, which begins
   * slowly.
   */
  readonly perSecond: number
  /** `perSecond` as a part of the limit. */
  readonly used: number
  /** The most messages of the bot within one second. */
  readonly maxInASecond: number
  readonly refused: number
  /**
   * How much of the time this process, which does little, was late: above a hundredth the machine was too
   * busy to judge by.
   */
  readonly late: number
  readonly results: { readonly sent: number; readonly failed: number; readonly uncertain: number }
  /** By bot: `announcer` broadcasts, `other` does not. */
  readonly before: Readonly<Record<string, ReplyTimes>>
  readonly during: Readonly<Record<string, ReplyTimes>>
  /**
   * Empty if every recipient got it once and has a result, no call was refused and every update was answered
   * once.
   */
  readonly problems: readonly string[]
}

const announcer = { id: 'announcer', number: 1 }
const other = { id: 'other', number: 2 }
const announcement = 'to all'
const warmUpSeconds = 3
const stuckMs = 60_000

/**
 * Real workers broadcast while people talk with the same bot and with another one, against a Bot API that
 * counts as Telegram does. Those who talk are recipients too.
 */
export async function runBroadcast(options: BroadcastOptions): Promise<BroadcastReport> {
  const { recipients, limit, updates, others, workers, quietSeconds } = options
  const got = new Map<string, number>()
  const sentAtMs: number[] = []
  const problems: string[] = []
  let firstAtMs = Number.POSITIVE_INFINITY
  let lastAtMs = 0
  let talk: Conversations | undefined
  const rate = createRateLimit(limit)
  const api = await startBotApi(arrival => {
    const refusal = rate.take(arrival)
    if (refusal !== undefined) return refusal
    if (arrival.bot === String(announcer.number)) sentAtMs.push(arrival.atMs)
    if (arrival.text !== announcement) return void talk?.replied(arrival)
    got.set(arrival.chat, (got.get(arrival.chat) ?? 0) + 1)
    firstAtMs = Math.min(firstAtMs, arrival.atMs)
    lastAtMs = arrival.atMs
  })
  const bots = [
    { ...announcer, settings: { limits: { perSecond: limit } } },
    { ...other, settings: {} },
  ]
  await using stack = new AsyncDisposableStack()
  stack.defer(() => api.close())
  const system = stack.adopt(await startProvedSystem({ bots, apiRoot: api.url, workers }), it => it.close())
  const id = await upload(system, recipients)
  talk = startConversations(system, {
    perSecond: { [announcer.id]: updates, [other.id]: others },
    chats: Array.from({ length: recipients }, (_, i) => i + 1),
    onError: error => problems.push(`an update was not taken: ${error}`),
  })
  stack.defer(() => talk?.stop())

  await delay(warmUpSeconds * 1000)
  talk.count()
  await delay(quietSeconds * 1000)
  const before = talk.count()
  await system.broadcasts.steer(announcer.id, id, 'running')
  const lateness = startLateness()
  const ended = await untilEnded(system, id)
  const { lateShare: late } = lateness.stop()
  const during = talk.count()
  talk.stop()
  await waitWhileItMoves(() => talk!.open, { isDone: open => open === 0, patienceMs: stuckMs })

  const results = await system.broadcasts.get(announcer.id, id)
  const { sent = 0, failed = 0, uncertain = 0 } = results ?? {}
  if (!ended) problems.push(`the broadcast got stuck: ${JSON.stringify(results)}`)
  if (sent !== recipients) problems.push(`${sent} of ${recipients} recipients have the result sent`)
  const doubled = [...got].filter(([, times]) => times > 1)
  if (got.size !== recipients) problems.push(`${recipients - got.size} recipients got nothing`)
  if (doubled.length > 0) problems.push(`${doubled.length} recipients got it more than once`)
  if (rate.refused > 0) problems.push(`${rate.refused} calls were answered with 429`)
  if (talk.open > 0) problems.push(`${talk.open} updates had no reply`)
  if (talk.doubled > 0) problems.push(`${talk.doubled} replies came twice`)

  const steady = sentAtMs.filter(atMs => atMs > firstAtMs + 1000 && atMs <= lastAtMs).length
  const perSecond = (steady * 1000) / (lastAtMs - firstAtMs - 1000)
  return {
    seconds: Math.round(lastAtMs - firstAtMs) / 1000,
    perSecond: Math.round(perSecond * 10) / 10,
    used: Math.round((perSecond / limit) * 1000) / 1000,
    maxInASecond: rate.maxInASecond,
    refused: rate.refused,
    late,
    results: { sent, failed, uncertain },
    before,
    during,
    problems,
  }
}

/** Uploaded and paused: what it costs to write the recipients is not what is proven here. */
async function upload({ broadcasts }: ProvedSystem, recipients: number): Promise<string> {
  const id = await broadcasts.create(announcer.id, { text: announcement })
  for (let from = 0; from < recipients; from += 2_000) {
    const page = Array.from({ length: Math.min(2_000, recipients - from) }, (_, i) => ({
      conversation: String(from + i + 1),
    }))
    await broadcasts.addRecipients(id, from, page)
  }
  await broadcasts.start(id, recipients, true)
  return id
}

/** Waits until it is done; false if nothing has changed for a minute. */
async function untilEnded({ broadcasts }: ProvedSystem, id: string): Promise<boolean> {
  const { done } = await waitWhileItMoves(() => broadcasts.get(announcer.id, id), {
    ...{ isDone: broadcast => broadcast?.state === 'done', patienceMs: stuckMs, everyMs: 250 },
  })
  return done
}
