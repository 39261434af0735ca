import type { BoxName } from '@botyard/queue-contracts'
import { MailboxUnavailableError } from '../errors.ts'
import type { DeliverAnswer } from '../redis/scripts.ts'
import type { Tokens } from '../wake/tokens.ts'
import { deliverArguments, outcomeOf } from './deliver-batch.ts'
import type { Delivery, DeliveryOutcome } from './delivery.ts'
import { DeliveryQueue, type Pending } from './delivery-queue.ts'
import type { Store } from './store.ts'

/** What a lane needs. */
export interface DeliveryLaneOptions {
  readonly store: Store
  readonly partition: number
  readonly box: BoxName
  readonly bulk: boolean
  readonly tokens: Tokens
  /** How long an update may wait for its script, in ms. */
  readonly maxWaitMs: number
}

/**
 * So many updates do not wait for the script under way: without it gateway and Redis march in step at high
 * load, each idle while the other works. Four scripts at the most are under way, on one connection, so Redis
 * runs them in their order.
 */
export const fullBatch = 64
const maxScripts = 4
/** After a batch of this size the next one waits a moment: more share a script, a job and an fsync. */
const busyBatch = 8
const lingerMs = 2

/**
 * The way of updates into one partition. While a deliver script is under way what arrives becomes the next
 * batch, so batches grow with the load (and with a slow fsync), up to a full one, which does not wait. A
 * batch's token overlaps with the next batch.
 */
export class DeliveryLane {
  readonly #options: DeliveryLaneOptions
  readonly #queue: DeliveryQueue
  /** A batch of what comes until a moment later is on its way. */
  #scheduled = false
  /** A full batch goes as soon as the call that filled it is through. */
  #sending = false
  /** Scripts under way. */
  #storing = 0
  #lastBatch = 0
  readonly #underWay = new Set<Promise<void>>()

  constructor(options: DeliveryLaneOptions) {
    this.#options = options
    this.#queue = new DeliveryQueue(options.maxWaitMs)
  }

  deliver(delivery: Delivery): Promise<DeliveryOutcome> {
    const delivered = this.#queue.add(delivery)
    this.#schedule()
    return delivered
  }

  async idle(): Promise<void> {
    while (this.#underWay.size > 0 || this.#queue.length > 0) {
      await Promise.allSettled(this.#underWay)
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  close(): void {
    this.#options.store.close()
  }

  #schedule(): void {
    const isFull = this.#queue.length >= fullBatch
    if (this.#queue.length === 0 || this.#storing >= (isFull ? maxScripts : 1)) return
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
    // Never throws: it answers those that it refuses.
    const batch = this.#queue.takeBatch()
    if (batch.length === 0) return
    this.#lastBatch = batch.length
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

  /** Stored, then the token: only both together are a promise to the platform. */
  async #run(batch: Pending[]): Promise<void> {
    const { partition, box, tokens } = this.#options
    const [addTokens, tokenInMs, group, ...codes] = await this.#store(batch)
    const woken = [tokens.addFor(partition, box, addTokens)]
    if (tokenInMs >= 0) woken.push(tokens.add(partition, box, group, tokenInMs))
    await Promise.all(woken)
    for (const [i, { resolve }] of batch.entries()) resolve(outcomeOf(codes[i]!))
  }

  async #store(batch: Pending[]): Promise<DeliverAnswer> {
    const { store, box, bulk } = this.#options
    this.#storing++
    try {
      const deliveries = batch.map(({ delivery }) => delivery)
      return await store.deliver(deliverArguments(box, bulk, deliveries))
    } finally {
      this.#storing--
      this.#schedule()
    }
  }
}
