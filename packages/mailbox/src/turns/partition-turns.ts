import { setTimeout as delay } from 'node:timers/promises'
import { type BoxName, boxNames } from '@botyard/queue-contracts'
import { PoisonedTurnError } from '../errors.ts'
import type { TurnAnswer } from '../redis/scripts.ts'
import type { Tokens } from '../wake/tokens.ts'
import { type ClaimRequest, ClaimSide } from './claim-side.ts'
import { readClaim, readTokens } from './claimed.ts'
import { OperationQueue, type PendingOperation, type SettleOptions } from './operation-queue.ts'
import { countReady, leaveLookout } from './rotation.ts'
import { readSettled, type Settled, type Settlement } from './settlement.ts'
import { bringsSuspect, type Suspects } from './suspects.ts'
import { TurnPace } from './turn-pace.ts'
import { createTakeTurn, type TakeTurn, type TurnScriptOptions, turnAgainMs } from './turn-script.ts'

/** What a partition's turns need. */
export interface PartitionTurnsOptions extends TurnScriptOptions {
  readonly partitions: number
  /** The groups of bots that this process runs. */
  readonly groups: readonly string[]
  readonly suspects: Suspects
  readonly tokens: Tokens
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
  readonly #pace = new TurnPace(() => this.goOn())
  readonly #takeTurn: TakeTurn
  #between: (() => Promise<void>)[] = []
  #isRunning = false
  #claimsHeld = false

  constructor(options: PartitionTurnsOptions) {
    this.#options = options
    this.#takeTurn = createTakeTurn(options)
    const { partition, partitions, groups } = options
    const side = (box: BoxName) =>
      new ClaimSide({
        ...{ partition, partitions, groups },
        goOn: () => this.goOn(),
        countReady: () => countReady(options, box),
        leave: () => void leaveLookout(options, box).catch(options.onTrouble),
        callHelp: () => void options.tokens.addFor(partition, box, groups).catch(options.onTrouble),
      })
    this.sides = { inbox: side('inbox'), outbox: side('outbox') }
  }

  /** See `Turns.settle`. */
  settle(settlement: Settlement, { lastWord, mayWait = false }: SettleOptions = {}): Promise<Settled> {
    const settled = this.#operations.add(settlement, lastWord)
    this.#pace.added(mayWait)
    return settled
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
    if (this.#pace.isDue || this.#between.length > 0) return true
    return !this.#claimsHeld && boxNames.some(box => this.sides[box].wantsClaim)
  }

  async #loop(): Promise<void> {
    while (this.#hasWork()) {
      await this.#pace.gather()
      for (const task of this.#between.splice(0)) await task().catch(this.#options.onTrouble)
      const batch = this.#operations.takeBatch()
      this.#pace.took(batch.length, !this.#operations.isEmpty)
      await this.#turn(batch)
    }
  }

  async #turn(batch: readonly PendingOperation[]): Promise<void> {
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
