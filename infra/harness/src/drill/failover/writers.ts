import { encodeInbound, type InboundUpdate } from '@botyard/queue-contracts'
import { shardOf, userKey } from '@botyard/shard-routing'
import { bot, type FailingSystem } from './failing-system.ts'

/** An update that somebody wrote. */
export interface Written {
  readonly said: string
  readonly user: string
  readonly userKey: bigint
  readonly shard: string
  /** `performance.now()`; `undefined` before. */
  readonly writtenAtMs: number
  acceptedAtMs: number | undefined
  answeredAtMs: number | undefined
}

/**
 * People who write to the bot at a steady rate, whatever the answers, evenly over the shards that they live
 * on.
 */
export interface Writers {
  readonly written: readonly Written[]
  /** Answers that came more than once. */
  readonly doubled: number
  /** Why updates were not taken. */
  readonly refusals: readonly unknown[]
  /** Takes a message of the bot. */
  hear(said: string): void
  /** Writes no more; resolves when it is known of every update whether the mailbox has it. */
  stop(): Promise<void>
}

/**
 * Starts writing `perSecond` updates into the mailbox; an update counts as accepted when the mailbox has it.
 */
export function startWriters(
  {
    botUid,
    map,
    writer,
    keyring,
    naming,
  }: Pick<FailingSystem, 'botUid' | 'map' | 'writer' | 'keyring' | 'naming'>,
  options: { perSecond: number; usersOnEach: number },
): Writers {
  const shards = [...new Set(map.ranges.map(range => range.shard))]
  const keyOf = (user: string) => userKey({ platform: 'telegram', scope: botUid, user })
  const people = new Map(
    shards.map(shard => [shard, usersOf(user => shardOf(map, keyOf(user)) === shard, options.usersOnEach)]),
  )
  const written: Written[] = []
  const open = new Map<string, Written>()
  const refusals: unknown[] = []
  const deliveries = new Set<Promise<void>>()
  let doubled = 0

  function write(): void {
    const n = written.length + 1
    const shard = shards[n % shards.length]!
    const users = people.get(shard)!
    const user = users[Math.floor(n / shards.length) % users.length]!
    const one: Written = {
      ...{ said: `number ${n}`, user, userKey: keyOf(user), shard, writtenAtMs: performance.now() },
      ...{ acceptedAtMs: undefined, answeredAtMs: undefined },
    }
    written.push(one)
    open.set(one.said, one)
    const update: InboundUpdate = {
      ...{
        id: String(n),
        bot,
        platform: 'telegram',
        kind: 'message',
        conversation: user,
        user,
        text: one.said,
      },
      receivedAtMs: Date.now(),
    }
    const conversation = naming.conversation(bot, 'telegram', user)
    const hash = naming.update(bot, update.id)
    const raw = Buffer.from(JSON.stringify({ update_id: n, message: { text: one.said } }))
    const body = keyring.seal(encodeInbound(update, raw), `${conversation}|${hash.toString('base64url')}`)
    const delivery = writer.deliver({ conversation, update: hash, body, windowMs: 60_000 }).then(
      () => {
        one.acceptedAtMs = performance.now()
      },
      error => void refusals.push(error),
    )
    deliveries.add(delivery)
    void delivery.then(() => deliveries.delete(delivery))
  }

  const timer = setInterval(write, 1000 / options.perSecond)
  return {
    written,
    refusals,
    get doubled() {
      return doubled
    },
    hear(said) {
      const one = open.get(said)
      if (one?.answeredAtMs !== undefined) doubled++
      else if (one !== undefined) one.answeredAtMs = performance.now()
    },
    async stop() {
      clearInterval(timer)
      await Promise.all(deliveries)
    },
  }
}

function usersOf(lives: (user: string) => boolean, count: number): string[] {
  const users: string[] = []
  for (let id = 1; users.length < count; id++) if (lives(String(id))) users.push(String(id))
  return users
}
