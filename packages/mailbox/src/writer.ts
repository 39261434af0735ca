import { type BoxName, botOf, type ConversationKey, queueShardOf } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import type { Delivery } from './delivery.ts'
import { createDrainQueues, type DrainQueues } from './drain-queues.ts'
import { newEntry } from './entry.ts'
import { MailboxUnavailableError } from './errors.ts'
import { boxBase, shardBase } from './keys.ts'
import { createReplicaGuard, type ReplicaGuard } from './replicas.ts'
import { withMailboxScripts } from './scripts.ts'

/** What became of an update: all but `backlog-full` mean that it is stored and will be handled once. */
export type DeliveryOutcome = 'accepted' | 'duplicate' | 'delayed' | 'backlog-full'

/** The gateway's end of the mailbox. */
export interface MailboxWriter {
  /** Resolves when the update is stored and its conversation woken; rejects with `MailboxUnavailableError`. */
  deliver(delivery: Delivery): Promise<DeliveryOutcome>
  /** Waits for what is under way. The client stays open: it is the caller's. */
  close(): Promise<void>
}

/** How to open a writer. `redis` should fail fast when Redis is away; `replicas` is `DURABLE_REPLICAS`. */
export interface MailboxWriterOptions {
  readonly redis: Redis
  readonly shards: number
  /** Where to: the inbox unless set; broadcasts go straight to the outbox. */
  readonly box?: BoxName
  readonly replicas?: number
  readonly replicaTimeoutMs?: number
}

/** Opens the gateway's end: the updates of one event-loop turn, and of the batch before still under way, go as one script. */
export function createMailboxWriter(options: MailboxWriterOptions): MailboxWriter {
  const { shards, box = 'inbox', replicas = 0, replicaTimeoutMs = 1000 } = options
  const redis = withMailboxScripts(options.redis)
  const queues = createDrainQueues({ redis, shards })
  const guard = createReplicaGuard({ redis, replicas, timeoutMs: replicaTimeoutMs })
  const lanes = Array.from({ length: shards }, (_, shard) => new Lane(redis, shard, box, queues, guard))

  return {
    deliver: delivery => lanes[queueShardOf(delivery.conversation, shards)]!.deliver(delivery),
    async close() {
      await Promise.all(lanes.map(lane => lane.idle()))
      guard.close()
      await queues.close()
    },
  }
}

interface Pending {
  readonly delivery: Delivery
  readonly resolve: (outcome: DeliveryOutcome) => void
  readonly reject: (error: Error) => void
}

const mostUpdates = 256
const mostBytes = 1024 * 1024
/**
 * So many updates do not wait for the script under way: without it gateway and Redis march in step at high load, each idle while the
 * other works. Four scripts at the most are under way, on one connection, so Redis runs them in their order.
 */
export const fullBatch = 64
const mostScripts = 4
/** After a batch of this size the next one waits a moment, so that it grows too: scripts, jobs and fsyncs are shared by more. */
const busyBatch = 8
const lingerMs = 2
const answers = { queued: 0, first: 1, duplicateWithMail: 2, duplicate: 3, full: 4 } as const

/**
 * The way of updates into one shard. While a deliver script is under way what arrives becomes the next batch, so batches grow
 * with the load (and with a slow fsync), up to a full one, which does not wait. A batch's wake-ups overlap with the next batch.
 */
class Lane {
  readonly #redis: Redis
  readonly #shard: number
  readonly #box: BoxName
  readonly #queues: DrainQueues
  readonly #guard: ReplicaGuard
  readonly #keys: [box: string, shard: string]
  #pending: Pending[] = []
  /** A batch of what comes until a moment later is on its way. */
  #scheduled = false
  /** A full batch goes as soon as the call that filled it is through. */
  #sending = false
  /** Scripts under way. */
  #storing = 0
  #lastBatch = 0
  readonly #underWay = new Set<Promise<void>>()

  constructor(redis: Redis, shard: number, box: BoxName, queues: DrainQueues, guard: ReplicaGuard) {
    this.#redis = redis
    this.#shard = shard
    this.#box = box
    this.#queues = queues
    this.#guard = guard
    this.#keys = [boxBase(shard, box), shardBase(shard)]
  }

  deliver(delivery: Delivery): Promise<DeliveryOutcome> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ delivery, resolve, reject })
      this.#schedule()
    })
  }

  async idle(): Promise<void> {
    while (this.#underWay.size > 0 || this.#pending.length > 0) {
      await Promise.allSettled(this.#underWay)
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  #schedule(): void {
    const isFull = this.#pending.length >= fullBatch
    if (this.#pending.length === 0 || this.#storing >= (isFull ? mostScripts : 1)) return
    if (isFull) {
      // Not at once: the updates of one call, handed over in one go, belong into one batch.
      if (this.#sending) return
      this.#sending = true
      queueMicrotask(() => {
        this.#sending = false
        this.#send()
      })
    } else if (!this.#scheduled) {
      this.#scheduled = true
      const send = () => {
        this.#scheduled = false
        if (this.#storing === 0) this.#send()
      }
      if (this.#lastBatch < busyBatch) setImmediate(send)
      else setTimeout(send, lingerMs)
    }
  }

  #send(): void {
    if (this.#pending.length === 0) return
    const batch = this.#takeBatch()
    const done = this.#run(batch).catch(cause => {
      const error = cause instanceof MailboxUnavailableError ? cause : new MailboxUnavailableError({ cause })
      for (const { reject } of batch) reject(error)
    })
    this.#underWay.add(done)
    // Never rejects: its failure has been caught above.
    void done.then(() => this.#underWay.delete(done))
    // What is left may be a full batch itself.
    this.#schedule()
  }

  #takeBatch(): Pending[] {
    let bytes = 0
    let n = 0
    while (n < this.#pending.length && n < mostUpdates) {
      bytes += this.#pending[n]!.delivery.body.length
      if (n > 0 && bytes > mostBytes) break
      n++
    }
    const batch = this.#pending
    this.#pending = batch.splice(n)
    this.#lastBatch = n
    return batch
  }

  async #run(batch: Pending[]): Promise<void> {
    const codes = await this.#store(batch)
    const toWake = new Set<ConversationKey>()
    const toWakeLater: [ConversationKey, dueMs: number][] = []
    for (const [i, { delivery }] of batch.entries()) {
      const code = codes[i]!
      if (code === answers.first || code === answers.duplicateWithMail) toWake.add(delivery.conversation)
      else if (code > answers.full) toWakeLater.push([delivery.conversation, code - Date.now()])
    }
    await Promise.all([
      this.#queues.wake(this.#shard, this.#box, [...toWake]),
      ...toWakeLater.map(([conversation, ms]) => this.#queues.wakeLater(this.#shard, this.#box, conversation, ms)),
    ])
    await this.#guard.confirm(this.#shard)
    for (const [i, { resolve }] of batch.entries()) resolve(outcomeOf(codes[i]!))
  }

  async #store(batch: Pending[]): Promise<number[]> {
    this.#storing++
    try {
      return await this.#redis.mailboxDeliver(...this.#keys, ...deliverArguments(batch))
    } finally {
      this.#storing--
      this.#schedule()
    }
  }
}

function deliverArguments(batch: readonly Pending[]): (string | number | Buffer)[] {
  const bots = new Map<string, Delivery>()
  const updates: (string | Buffer)[] = []
  for (const { delivery } of batch) {
    bots.set(botOf(delivery.conversation), delivery)
    updates.push(
      delivery.conversation,
      delivery.userLimit && delivery.user ? delivery.user : '',
      delivery.update.readBigInt64BE(0).toString(),
      newEntry(delivery.update, delivery.body),
    )
  }
  const policies: (string | number)[] = [bots.size]
  for (const [bot, { windowMs, userLimit, maxBacklog }] of bots) {
    policies.push(
      bot,
      windowMs,
      userLimit?.perSecond ?? 0,
      userLimit?.burst ?? 0,
      maxBacklog?.updates ?? 0,
      maxBacklog?.bytes ?? 0,
    )
  }
  return [...policies, ...updates]
}

function outcomeOf(code: number): DeliveryOutcome {
  switch (code) {
    case answers.queued:
    case answers.first:
      return 'accepted'
    case answers.duplicateWithMail:
    case answers.duplicate:
      return 'duplicate'
    case answers.full:
      return 'backlog-full'
    default:
      return 'delayed'
  }
}
