import { type BotId, encodeInbound, type InboundUpdate } from '@botyard/queue-contracts'
import type { Arrival } from '../../shared/bot-api.ts'
import { type ReplyTimes, replyTimesOf } from '../../shared/reply-times.ts'
import type { ProvedSystem } from './proved-system.ts'

/** People who write to the bots at a steady rate, whatever the answers; each bot echoes. */
export interface Conversations {
  /** Takes what arrived at the Bot API; true if it was a reply to one of them. */
  replied(arrival: Arrival): boolean
  /**
   * Starts a new count; answers how long the replies since the last one took, of each bot, from the update
   * being handed to the mailbox to its reply arriving. Those under way count in the old one.
   */
  count(): Readonly<Record<BotId, ReplyTimes>>
  /** Updates that have no reply yet. */
  readonly open: number
  /** Replies that came more than once. */
  readonly doubled: number
  stop(): void
}

interface Asked {
  readonly bot: BotId
  readonly atMs: number
  readonly times: number[]
}

/**
 * Starts writing to the bots, each into one of its `chats`; `perSecond` is how many updates each bot gets.
 */
export function startConversations(
  { writer, keyring, naming }: Pick<ProvedSystem, 'writer' | 'keyring' | 'naming'>,
  options: {
    perSecond: Readonly<Record<BotId, number>>
    chats: readonly number[]
    onError: (error: unknown) => void
  },
): Conversations {
  const { perSecond, chats, onError } = options
  const bots = Object.keys(perSecond).filter(bot => perSecond[bot]! > 0)
  const asked = new Map<string, Asked>()
  const answered = new Set<string>()
  let times = emptyTimes(bots)
  let doubled = 0
  let n = 0

  function write(bot: BotId): void {
    const chat = String(chats[(n * 7919) % chats.length])
    const id = String(++n)
    const text = `hello ${id}`
    const conversation = naming.conversation(bot, 'telegram', chat)
    const hash = naming.update(bot, id)
    const update: InboundUpdate = {
      ...{
        id,
        bot,
        platform: 'telegram',
        kind: 'message',
        conversation: chat,
        text,
        receivedAtMs: Date.now(),
      },
    }
    asked.set(text, { bot, atMs: performance.now(), times: times.get(bot)! })
    const raw = Buffer.from(JSON.stringify({ update_id: n, message: { text } }))
    const body = keyring.seal(encodeInbound(update, raw), `${conversation}|${hash.toString('base64url')}`)
    writer.deliver({ conversation, update: hash, body, windowMs: 60_000 }).catch(onError)
  }

  const timers = bots.map(bot => setInterval(() => write(bot), 1000 / perSecond[bot]!))
  return {
    replied({ text, atMs }) {
      const one = asked.get(text)
      if (one === undefined) {
        if (answered.has(text)) doubled++
        return answered.has(text)
      }
      asked.delete(text)
      answered.add(text)
      one.times.push(atMs - one.atMs)
      return true
    },
    count() {
      const counted = Object.fromEntries([...times].map(([bot, of]) => [bot, replyTimesOf(of)]))
      times = emptyTimes(bots)
      return counted
    },
    get open() {
      return asked.size
    },
    get doubled() {
      return doubled
    },
    stop: () => timers.forEach(clearInterval),
  }
}

function emptyTimes(bots: readonly BotId[]): Map<BotId, number[]> {
  return new Map(bots.map(bot => [bot, []]))
}
