import { setTimeout as delay, setImmediate as turnEnd } from 'node:timers/promises'
import { type BoxName, boxNames, partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { type Ask, type Claimer, ClaimSide } from './claim-side.ts'
import { readClaim, readTokens } from './claimed.ts'
import type { Disposition } from './disposition.ts'
import { PoisonedTurnError } from './errors.ts'
import { isTransient } from './is-transient.ts'
import type { ClaimAnswer, TurnAnswer } from './scripts.ts'
import { blobsOf, lineOf, readSettled, type Settled, type Settlement } from './settlement.ts'
import { bringsSuspect, type Suspects } from './suspects.ts'
import type { Tokens } from './tokens.ts'

/** What a partition's turns need. */
export interface PartitionTurnsOptions {
  readonly redis: Redis
  readonly partition: number
  readonly partitions: number
  readonly process: string
  /** The groups of bots that this process runs. */
  readonly groups: readonly string[]
  readonly suspects: Suspects
  readonly tokens: Tokens
  /**
   * Most replies, and bytes of them, that may wait in the outbox of a bot before its handlers are not
   * started.
   */
  readonly maxOutbox: { readonly replies: number; readonly bytes: number }
  readonly onTrouble: (error: unknown) => void
}

/**
 * Asked at the moment in which a settlement goes out: what is to become of the head after all, undefined =
 * what was said.
 */
export type LastWord = () => Disposition | undefined

interface Pending {
  readonly settlement: Settlement
  readonly lastWord: LastWord | undefined
  readonly resolve: (settled: Settled) => void
  readonly reject: (error: unknown) => void
}

const maxOperations = 256
const maxBytes = 1024 * 1024
const againMs = 250
/** After a turn of so many operations the next one waits a moment, so that it grows too. */
const busyBatch = 8
const lingerMs = 1

/**
 * The turns of one worker process with one partition: one script at a time settles what ended, sends replies
 * to the outbox, and claims for the places that are free. What comes up meanwhile is the next turn's.
 */
export class PartitionTurns {
  readonly #options: PartitionTurnsOptions
  readonly #tag: string
  readonly #sides: Record<BoxName, ClaimSide>
  #pending: Pending[] = []
  #between: (() => Promise<void>)[] = []
  #isRunning = false
  #claimsHeld = false
  #number = 0
  #lastBatch = 0

  constructor(options: PartitionTurnsOptions) {
    this.#options = options
    this.#tag = partitionTag(options.partition)
    const { partition, partitions, groups } = options
    const side = () =>
      new ClaimSide({
        ...{ partition, partitions, groups },
        goOn: () => this.#run(),
      })
    this.#sides = { inbox: side(), outbox: side() }
  }

  /** Claims for it from now on. */
  attach(box: BoxName, claimer: Claimer): void {
    this.#sides[box].attach(claimer)
  }

  /** Claims no more for the box. */
  detach(box: BoxName): void {
    this.#sides[box].detach()
  }

  settle(settlement: Settlement, lastWord?: LastWord): Promise<Settled> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ settlement, lastWord, resolve, reject })
      this.#run()
    })
  }

  /** Something may be ready: claims if there are places. */
  look(box: BoxName): void {
    this.#sides[box].look()
  }

  /**
   * The same in the name of a token; resolves when its claim was answered, with whether only such work is
   * left as none of the free places is for.
   */
  spend(box: BoxName, group: string): Promise<boolean> {
    return this.#sides[box].spend(group)
  }

  /** Goes on with a turn if one has something to do: places were freed. */
  goOn(): void {
    this.#run()
  }

  /** Runs something while no turn is under way, and all answers have been taken in. */
  between(task: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#between.push(() => task().then(resolve, reject))
      this.#run()
    })
  }

  /** Until Redis is known to be the one it was, nothing more is claimed. */
  holdClaims(held: boolean): void {
    this.#claimsHeld = held
    if (!held) this.#run()
  }

  #run(): void {
    if (this.#isRunning || !this.#hasWork()) return
    this.#isRunning = true
    // Never rejects: a turn asks until it is answered, and what its answer cannot do is told as trouble.
    void this.#loop().finally(() => {
      this.#isRunning = false
      this.#run()
    })
  }

  #hasWork(): boolean {
    if (this.#pending.length > 0 || this.#between.length > 0) return true
    return !this.#claimsHeld && boxNames.some(box => this.#sides[box].wantsClaim)
  }

  async #loop(): Promise<void> {
    while (this.#hasWork()) {
      await (this.#lastBatch >= busyBatch ? delay(lingerMs) : turnEnd())
      for (const task of this.#between.splice(0)) await task().catch(this.#options.onTrouble)
      await this.#turn(this.#takeBatch())
    }
  }

  #takeBatch(): Pending[] {
    let bytes = 0
    let n = 0
    while (n < this.#pending.length && n < maxOperations) {
      for (const blob of blobsOf(this.#pending[n]!.settlement.disposition)) bytes += blob.length
      if (n > 0 && bytes > maxBytes) break
      n++
    }
    return this.#pending.splice(0, n).map(lastSaid)
  }

  async #turn(batch: Pending[]): Promise<void> {
    this.#lastBatch = batch.length
    const { suspects } = this.#options
    const mayBringSuspect = suspects.take()
    const asks = boxNames.map(box => this.#ask(box, batch, mayBringSuspect))
    if (batch.length === 0 && asks.every(ask => ask === undefined)) {
      if (mayBringSuspect) suspects.give()
      return
    }
    const lines = batch.map(({ settlement }) => lineOf(settlement)).join('')
    const blobs = batch.flatMap(({ settlement }) => blobsOf(settlement.disposition))
    let answer: TurnAnswer
    try {
      answer = await this.#untilAnswered(
        lines,
        asks.map(ask => ask?.words ?? '-'),
        blobs,
      )
    } catch (error) {
      for (const ask of asks) ask?.giveUp()
      if (mayBringSuspect) suspects.give()
      return this.#singleOut(batch, error)
    }
    for (const [i, { resolve }] of batch.entries()) resolve(readSettled(answer[0][i]!))
    const claims = answer.slice(1) as ClaimAnswer[]
    const results = claims.map(readClaim)
    if (mayBringSuspect && !results.some(bringsSuspect)) suspects.give()
    for (const [i, box] of boxNames.entries()) {
      asks[i]?.answered(results[i])
      this.#addTokens(box, results[i]?.addTokens ?? readTokens(claims[i]!))
    }
  }

  /**
   * A turn must be answered: until then nobody knows what is ours, and while this process lives nobody else
   * takes it. Lost connections are the client's to repeat; this repeats refusals (read only, busy). The
   * number tells the script that it is a repeat.
   */
  async #untilAnswered(lines: string, claims: string[], blobs: Buffer[]): Promise<TurnAnswer> {
    const { redis, process, maxOutbox, onTrouble } = this.#options
    const bounds = [maxBytes, maxOutbox.replies, maxOutbox.bytes]
    const args = [process, ++this.#number, lines, ...bounds, ...claims, ...blobs]
    for (;;) {
      try {
        return await redis.mailboxTurnBuffer(this.#tag, ...args)
      } catch (error) {
        if (!isTransient(error)) throw error
        onTrouble(error)
        await delay(againMs)
      }
    }
  }

  /**
   * One operation that Redis or the client cannot carry out must not hold up the others: they go one by one.
   */
  async #singleOut(batch: Pending[], error: unknown): Promise<void> {
    this.#options.onTrouble(error)
    if (batch.length === 1) batch[0]!.reject(new PoisonedTurnError({ cause: error }))
    else if (batch.length === 0) await delay(againMs)
    else for (const one of batch) await this.#turn([one])
  }

  #ask(box: BoxName, batch: readonly Pending[], mayBringSuspect: boolean): Ask | undefined {
    if (this.#claimsHeld) return undefined
    const settles = batch.some(({ settlement }) => settlement.box === box)
    return this.#sides[box].ask(settles, mayBringSuspect)
  }

  #addTokens(box: BoxName, groups: readonly string[]): void {
    const { tokens, partition, onTrouble } = this.#options
    if (groups.length > 0) tokens.addFor(partition, box, groups).catch(onTrouble)
  }
}

function lastSaid(pending: Pending): Pending {
  const disposition = pending.lastWord?.()
  if (disposition === undefined) return pending
  // Its signal is aborted: what comes after this head deserves a fresh one.
  return { ...pending, settlement: { ...pending.settlement, disposition, grant: false, keep: false } }
}
