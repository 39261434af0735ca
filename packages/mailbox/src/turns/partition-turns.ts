import { setTimeout as delay, setImmediate as turnEnd } from 'node:timers/promises'
import { type BoxName, boxNames, partitionTag } from '@botyard/queue-contracts'
import { PoisonedTurnError } from '../errors.ts'
import { rotationKey } from '../redis/keys.ts'
import type { TurnAnswer } from '../redis/scripts.ts'
import type { Tokens } from '../wake/tokens.ts'
import { type ClaimRequest, ClaimSide } from './claim-side.ts'
import { readClaim, readTokens } from './claimed.ts'
import { type LastWord, OperationQueue, type PendingOperation } from './operation-queue.ts'
import { readSettled, type Settled, type Settlement } from './settlement.ts'
import { bringsSuspect, type Suspects } from './suspects.ts'
import { createTakeTurn, type TakeTurn, type TurnScriptOptions, turnAgainMs } from './turn-script.ts'

/** What a partition's turns need. */
export interface PartitionTurnsOptions extends TurnScriptOptions {
  readonly partitions: number
  /** The groups of bots that this process runs. */
  readonly groups: readonly string[]
  readonly suspects: Suspects
  readonly tokens: Tokens
}

/** After a turn of so many operations the next one waits a moment, so that it grows too. */
const busyBatch = 8
const lingerMs = 1
/** So long an operation that may wait waits for a turn that others want, in ms. */
const patienceMs = 10

/** What besides belongs to a settlement. */
export interface SettleOptions {
  readonly lastWord?: LastWord | undefined
  /** No turn is taken for it alone, for some milliseconds. */
  readonly mayWait?: boolean
}

/**
 * The turns of one worker process with one partition: one script at a time settles what ended, sends replies
 * to the outbox, and claims for the places that are free. What comes up meanwhile is the next turn's.
 */
export class PartitionTurns {
  /** What is claimed for each box. */
  readonly sides: Readonly<Record<BoxName, ClaimSide>>
  readonly #options: PartitionTurnsOptions
  readonly #operations = new OperationQueue()
  readonly #takeTurn: TakeTurn
  #between: (() => Promise<void>)[] = []
  #isRunning = false
  #claimsHeld = false
  /** What waits to be settled must not wait for longer. */
  #isDue = false
  #dueTimer: NodeJS.Timeout | undefined
  #lastBatch = 0

  constructor(options: PartitionTurnsOptions) {
    this.#options = options
    this.#takeTurn = createTakeTurn(options)
    const { partition, partitions, groups } = options
    const side = (box: BoxName) =>
      new ClaimSide({
        ...{ partition, partitions, groups },
        goOn: () => this.goOn(),
        countReady: () => this.#countReady(box),
        leave: () => void this.between(() => this.#leave(box)).catch(options.onTrouble),
      })
    this.sides = { inbox: side('inbox'), outbox: side('outbox') }
  }

  /** See `Turns.settle`. */
  settle(settlement: Settlement, { lastWord, mayWait = false }: SettleOptions = {}): Promise<Settled> {
    const settled = this.#operations.add(settlement, lastWord)
    if (mayWait) this.#dueTimer ??= setTimeout(() => this.#due(), patienceMs)
    else this.#due()
    return settled
  }

  #due(): void {
    this.#isDue = true
    this.goOn()
  }

  async #countReady(box: BoxName): Promise<number> {
    const { redis, partition, groups } = this.#options
    let bots = 0
    for (const group of groups) bots += await redis.zcard(rotationKey(partition, box, group))
    return bots
  }

  async #leave(box: BoxName): Promise<void> {
    const { redis, partition, groups, tokens } = this.#options
    const wanted = await redis.mailboxLook(partitionTag(partition), box, 'leave', ...groups)
    await tokens.addFor(partition, box, wanted)
  }

  /** Runs something while no turn is under way, and all answers have been taken in. */
  between(task: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#between.push(() => task().then(resolve, reject))
      this.goOn()
    })
  }

  /** Until Redis is known to be the one it was, nothing more is claimed. */
  holdClaims(held: boolean): void {
    this.#claimsHeld = held
    if (!held) this.goOn()
  }

  /** Takes turns while there is something to do. */
  goOn(): void {
    if (this.#isRunning || !this.#hasWork()) return
    this.#isRunning = true
    // Never rejects: a turn asks until it is answered, and what its answer cannot do is told as trouble.
    void this.#loop().finally(() => {
      this.#isRunning = false
      this.goOn()
    })
  }

  #hasWork(): boolean {
    if (this.#isDue || this.#between.length > 0) return true
    return !this.#claimsHeld && boxNames.some(box => this.sides[box].wantsClaim)
  }

  async #loop(): Promise<void> {
    while (this.#hasWork()) {
      await (this.#lastBatch >= busyBatch ? delay(lingerMs) : turnEnd())
      for (const task of this.#between.splice(0)) await task().catch(this.#options.onTrouble)
      await this.#turn(this.#takeBatch())
    }
  }

  #takeBatch(): PendingOperation[] {
    const batch = this.#operations.takeBatch()
    this.#isDue = !this.#operations.isEmpty
    clearTimeout(this.#dueTimer)
    this.#dueTimer = undefined
    return batch
  }

  async #turn(batch: readonly PendingOperation[]): Promise<void> {
    this.#lastBatch = batch.length
    const { suspects, tokens, partition, onTrouble } = this.#options
    const mayBringSuspect = suspects.take()
    const requests = boxNames.map(box => this.#request(box, batch, mayBringSuspect))
    if (batch.length === 0 && requests.every(request => request === undefined)) {
      if (mayBringSuspect) suspects.give()
      return
    }
    const settlements = batch.map(({ settlement }) => settlement)
    let answer: TurnAnswer
    try {
      answer = await this.#takeTurn(
        settlements,
        requests.map(request => request?.words ?? '-'),
      )
    } catch (error) {
      for (const request of requests) request?.giveUp()
      if (mayBringSuspect) suspects.give()
      return this.#singleOut(batch, error)
    }
    const [settled, ...claims] = answer
    for (const [i, { resolve }] of batch.entries()) resolve(readSettled(settled[i]!))
    const results = claims.map(readClaim)
    if (mayBringSuspect && !results.some(bringsSuspect)) suspects.give()
    for (const [i, box] of boxNames.entries()) {
      requests[i]?.answered(results[i])
      const wanted = results[i]?.addTokens ?? readTokens(claims[i]!)
      if (wanted.length > 0) tokens.addFor(partition, box, wanted).catch(onTrouble)
    }
  }

  #request(
    box: BoxName,
    batch: readonly PendingOperation[],
    mayBringSuspect: boolean,
  ): ClaimRequest | undefined {
    if (this.#claimsHeld) return undefined
    const settles = batch.some(({ settlement }) => settlement.box === box)
    return this.sides[box].request(settles, mayBringSuspect)
  }

  /**
   * One operation that Redis or the client cannot carry out must not hold up the others: they go one by one.
   */
  async #singleOut(batch: readonly PendingOperation[], error: unknown): Promise<void> {
    this.#options.onTrouble(error)
    if (batch.length === 1) batch[0]!.reject(new PoisonedTurnError({ cause: error }))
    else if (batch.length === 0) await delay(turnAgainMs)
    else for (const one of batch) await this.#turn([one])
  }
}
