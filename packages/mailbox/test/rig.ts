import { createHash } from 'node:crypto'
import type { TestContext } from 'node:test'
import { type BoxName, type ConversationKey, queueShardOf } from '@botyard/queue-contracts'
import { sharedRedis } from '@botyard/testkit'
import { Redis } from 'ioredis'
import {
  createDrainQueues,
  createMailboxWriter,
  type Delivery,
  type DrainOptions,
  type Mail,
  Slots,
  startDrain,
  startHeartbeat,
  startSweeper,
} from '../src/index.ts'
import { boxBase, heartbeatKey, shardBase } from '../src/keys.ts'
import { withMailboxScripts } from '../src/scripts.ts'
import type { Verdict } from '../src/verdict.ts'

/** An update whose payload is its number, so that order can be read from what was handled. */
export function update(conversation: ConversationKey, n: number, more: Partial<Delivery> = {}): Delivery {
  const hash = createHash('sha256').update(`${conversation} ${n}`).digest().subarray(0, 16)
  return { conversation, update: hash, body: Buffer.from(String(n)), windowMs: 86_400_000, ...more }
}

/** The number that {@link update} put into an entry. */
export function numberOf(mail: Mail): number {
  return Number(mail.body)
}

/** A mailbox on a real, empty Redis; everything it opens is closed when the test ends. */
export async function rig(t: TestContext, { shards = 1 } = {}) {
  const closers: (() => unknown)[] = []
  t.after(async () => {
    // node:test runs hooks in the order they were registered, so this is one hook: last opened, first closed.
    for (const close of closers.reverse()) await close()
  })
  const leave: (() => Promise<void>)[] = []
  const server = await sharedRedis({ after: hook => void leave.push(hook) })
  closers.push(() => leave[0]?.())
  const open = (): Redis => {
    const client = new Redis(server.url, { maxRetriesPerRequest: null })
    client.on('error', () => undefined)
    closers.push(() => client.disconnect())
    return withMailboxScripts(client)
  }
  const redis = open()
  await redis.flushall()
  const writer = createMailboxWriter({ redis, shards })
  const queues = createDrainQueues({ redis, shards })
  closers.push(async () => {
    await writer.close()
    await queues.close()
  })
  const base = (c: ConversationKey, box: BoxName = 'inbox') =>
    [boxBase(queueShardOf(c, shards), box), shardBase(queueShardOf(c, shards))] as const

  return {
    server,
    redis,
    writer,
    queues,
    open,
    /** Says that a process lives for a minute, without a timer. */
    beat: (process: string) => redis.set(heartbeatKey(0, process), 1, 'PX', 60_000),
    die: (process: string) => redis.del(heartbeatKey(0, process)),
    /** One claim script for one conversation, answers as text. */
    async claim(process: string, c: ConversationKey, { inMemory = false, suspect = true, cap = 0 } = {}) {
      const args = [process, 1024 * 1024, suspect ? 1 : 0, `${c} ${inMemory ? 1 : 0} ${cap}\n`]
      const [answer] = await redis.mailboxClaimBuffer(...base(c), ...args)
      const [status, fence, trouble, ...entries] = answer!
      const [tries, crashes, alone] = Array.isArray(trouble) ? trouble : [0, 0, 0]
      const numbers = entries.map(entry => Number((entry as Buffer).subarray(28)))
      return {
        status: status === 0 ? 'claimed' : String(status),
        fence: String(fence),
        tries: Number(tries),
        crashes: Number(crashes),
        alone: Number(alone),
        numbers,
      }
    },
    /** One settle script for one conversation, answers as text. */
    async settle(
      process: string,
      c: ConversationKey,
      fence: string,
      position: number,
      verb = 'ack',
      ...rest: (string | number | Buffer)[]
    ) {
      const [argument1 = 1, argument2 = '-', wanted = 16, replies = 0, ...blobs] = rest
      const bytes = (await redis.lindexBuffer(`${base(c)[0]}:m:${c}`, 0))?.length ?? 0
      const keys = [...base(c), boxBase(queueShardOf(c, shards), 'outbox')] as const
      const line = `${c} ${fence} ${position} ${bytes} ${verb} ${argument1} ${argument2} ${wanted} ${replies}\n`
      const [answer] = await redis.mailboxSettleBuffer(...keys, process, 1024 * 1024, line, ...blobs)
      const [status, nextInLine, , ...extra] = answer === 0 ? ['empty'] : answer!
      return { status: String(status), nextInLine: String(nextInLine ?? ''), extra }
    },
    /** Sweeps everything that is older than no time at all; answers what would be woken. */
    async sweep(cutoff = 0, graceMs = -1) {
      const names: string[] = []
      for (const set of ['dirty', 'delayed']) {
        const [, ...found] = await redis.mailboxSweep(boxBase(0, 'inbox'), shardBase(0), set, cutoff, graceMs, 0, 500)
        names.push(...found)
      }
      return names
    },
    base,
    mailbox: (c: ConversationKey, box: BoxName = 'inbox') => redis.lrangeBuffer(`${base(c, box)[0]}:m:${c}`, 0, -1),
    /** Starts a worker process's end of one box: its own connection, heartbeat and places. */
    async worker(
      handle: (mail: Mail, signal: AbortSignal) => Promise<Verdict>,
      more: Partial<DrainOptions & { places: number; sweep: boolean }> = {},
    ) {
      const client = open()
      const heartbeat = await startHeartbeat({ redis: client, shards })
      const { places = 64, sweep = false, box = 'inbox', ...rest } = more
      const own = createDrainQueues({ redis: client, shards })
      const drain = startDrain({
        box,
        shards,
        redis: client,
        queues: own,
        heartbeat,
        slots: new Slots(places),
        handle,
        judge: () => ({ do: 'retry', afterMs: 10, counts: true }),
        capOf: () => 0,
        timeoutMsOf: () => 60_000,
        ...rest,
      })
      const sweeper = sweep
        ? startSweeper({ redis: client, queues: own, shards, process: heartbeat.process, graceMs: 100, intervalMs: 50 })
        : undefined
      let closed: Promise<void> | undefined
      const close = (graceMs = 1000): Promise<void> => {
        closed ??= (async () => {
          await drain.close(graceMs)
          await sweeper?.close()
          await heartbeat.close()
          await own.close()
        })()
        return closed
      }
      closers.push(() => close())
      return { drain, heartbeat, close, client }
    },
  }
}
