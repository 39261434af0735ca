import assert from 'node:assert/strict'
import { type BoxName, botOf, type ConversationKey } from '@botyard/queue-contracts'
import type { Disposition } from '../../src/index.ts'
import type { PlacesFound } from './check-places.ts'

/** What a process knows of a conversation that it believes to hold. */
export interface InHand {
  readonly box: BoxName
  readonly conversation: ConversationKey
  readonly fence: string
  position: number
  acceptedAtMs: number
  troubled: boolean
}

/** What a claim answered about one conversation. */
export interface ClaimedOne {
  readonly conversation: ConversationKey
  readonly number: number
  readonly fence: string
  readonly tries: number
  readonly crashes: number
  readonly interrupted: boolean
}

/** What is to become of a head, as a generated history says it. */
export interface Operation {
  readonly inHand: InHand
  readonly disposition: Disposition
  readonly keep: boolean
  readonly grant: boolean
  readonly replies: readonly number[]
}

interface Conversation {
  readonly mail: number[]
  holder: { process: string; fence: string; position: number } | undefined
  isParked: boolean
  /** It parked as its replies wait for an operator, and goes on with them. */
  isParkedWithReplies: boolean
  lastFence: bigint
  tries: number
  crashes: number
  isInterrupted: boolean
}

const notParked = { isParked: false, isParkedWithReplies: false }
const clean = { tries: 0, crashes: 0, isInterrupted: false }

/**
 * What the mailbox promises, in plain words: every conversation has its mail in order and at most one holder,
 * an accepted entry is popped once, by its holder only, and replies are appended with the pop. Which
 * conversation comes next is for the scripts to choose; what it is found in is not.
 */
export class Model {
  readonly #boxes: Record<BoxName, Map<ConversationKey, Conversation>> = {
    inbox: new Map(),
    outbox: new Map(),
  }
  readonly #caps = new Map<string, number>()
  /** Whose pause has an end, and whose has none. */
  readonly #paused = new Map<string, 'until' | 'for good'>()
  /** Most replies in the outbox of a bot, and most behind its parked ones. */
  readonly maxOutbox: number
  readonly fences = new Set<string>()
  readonly accepted: number[] = []
  readonly popped: number[] = []
  dead = 0
  quarantined = 0

  constructor(maxOutbox: number) {
    this.maxOutbox = maxOutbox
  }

  of(box: BoxName, c: ConversationKey): Conversation {
    let found = this.#boxes[box].get(c)
    if (found === undefined) {
      found = { mail: [], holder: undefined, ...notParked, lastFence: 0n, ...clean }
      this.#boxes[box].set(c, found)
    }
    return found
  }

  deliver(box: BoxName, c: ConversationKey, n: number): void {
    this.of(box, c).mail.push(n)
    this.accepted.push(n)
  }

  claim(
    box: BoxName,
    process: string,
    claimed: readonly ClaimedOne[],
    free: number,
    maySuspect: boolean,
  ): void {
    assert.ok(claimed.length <= free, `${claimed.length} of ${free} places`)
    let suspects = 0
    for (const { conversation, number, fence, tries, crashes, interrupted } of claimed) {
      const it = this.of(box, conversation)
      const name = `${box} ${conversation}`
      assert.equal(it.holder, undefined, `${name} has a holder`)
      assert.ok(!it.isParked, `${name} is parked`)
      assert.ok(box === 'outbox' || !this.#mustPark(conversation), `${name} has too many parked replies`)
      assert.ok(!this.#paused.has(`${box} ${botOf(conversation)}`), `${name} is of a paused bot`)
      assert.equal(number, it.mail[0], `head of ${name}`)
      assert.deepEqual(
        [tries, crashes, interrupted],
        [it.tries, it.crashes, it.isInterrupted],
        `trouble of ${name}`,
      )
      assert.ok(BigInt(fence) > it.lastFence, `fence of ${name}`)
      it.lastFence = BigInt(fence)
      this.#take(it, process, fence)
      if (crashes >= 2) suspects++
    }
    assert.ok(suspects <= (maySuspect ? 1 : 0), `${suspects} suspects`)
    for (const { conversation } of claimed) this.#keepsCap(box, botOf(conversation))
  }

  /** What the scripts must answer to a process about one operation. */
  settle(
    process: string,
    { inHand, disposition, keep, grant, replies }: Operation,
  ): { status: string; granted: boolean } {
    const { box, conversation } = inHand
    const it = this.of(box, conversation)
    const { holder } = it
    const isOwn =
      holder?.process === process && holder.fence === inHand.fence && holder.position === inHand.position
    if (!isOwn) return { status: 'refused', granted: false }
    it.holder = undefined
    switch (disposition.do) {
      case 'ack':
      case 'dead':
      case 'quarantine': {
        const granted = replies.length > 0 && this.#append(process, inHand, replies, grant)
        if (disposition.do === 'dead') this.dead++
        if (disposition.do === 'quarantine') this.quarantined++
        this.popped.push(it.mail.shift()!)
        Object.assign(it, clean)
        if (it.mail.length === 0) return { status: 'empty', granted }
        const addedToParked = replies.length > 0 && this.#mustPark(conversation)
        if (!keep || addedToParked) return { status: 'released', granted }
        it.holder = { ...holder, position: holder.position + 1 }
        return { status: 'held', granted }
      }
      case 'retry':
        if (disposition.counts) it.tries++
        return { status: 'delayed', granted: false }
      case 'pause':
        this.pause(box, botOf(conversation), 'until')
        return { status: 'released', granted: false }
      case 'back':
        it.isParked = disposition.parkAfterMs === 0
        return { status: it.isParked ? 'parked' : 'delayed', granted: false }
      case 'park':
        it.isParked = true
        return { status: 'parked', granted: false }
      default:
        return { status: 'released', granted: false }
    }
  }

  /** The process died: somebody took its conversations over. */
  takeOver(process: string): void {
    this.#eachHeld(process, it => {
      it.crashes++
      it.isInterrupted = true
      it.holder = undefined
    })
  }

  /** A process that had forgotten a conversation gave it up. */
  drop(box: BoxName, c: ConversationKey): void {
    const it = this.of(box, c)
    it.isInterrupted = true
    it.holder = undefined
  }

  unpark(box: BoxName, c: ConversationKey, word: 'retry' | 'skip'): string {
    const it = this.of(box, c)
    Object.assign(it, notParked, clean)
    const updates = this.#boxes.inbox.get(c)
    if (box === 'outbox' && updates?.isParkedWithReplies) Object.assign(updates, notParked)
    if (word === 'skip') {
      this.popped.push(it.mail.shift()!)
      this.dead++
    }
    return it.mail.length > 0 ? 'ready' : 'empty'
  }

  /** What a claim found parked that was not: it may not run, as its parked replies are too many. */
  parkWithReplies(places: PlacesFound['inbox']): void {
    for (const [c, it] of this.#boxes.inbox) {
      if (places.get(c) !== 'parked' || it.isParked) continue
      assert.ok(this.#mustPark(c), `inbox ${c} parked, though its replies do not wait for an operator`)
      Object.assign(it, { isParked: true, isParkedWithReplies: true })
    }
  }

  cap(box: BoxName, bot: string, most: number): void {
    if (most > 0) this.#caps.set(`${box} ${bot}`, most)
    else this.#caps.delete(`${box} ${bot}`)
  }

  pause(box: BoxName, bot: string, how: 'until' | 'for good'): void {
    if (this.#paused.get(`${box} ${bot}`) !== 'for good') this.#paused.set(`${box} ${bot}`, how)
  }

  resume(box: BoxName, bot: string): void {
    this.#paused.delete(`${box} ${bot}`)
  }

  /** Time passes: pauses that have an end are over. */
  timePasses(): void {
    for (const [name, how] of this.#paused) if (how === 'until') this.#paused.delete(name)
  }

  /** Every conversation with mail is where it must be; who is free may be ready or wait for its time. */
  agreesWith(places: PlacesFound): void {
    for (const box of ['inbox', 'outbox'] as const) {
      const full = [...this.#boxes[box]].filter(([, { mail }]) => mail.length > 0)
      assert.deepEqual(
        [...places[box].keys()].sort(),
        full.map(([c]) => c).sort(),
        `what has mail in the ${box}`,
      )
      for (const [c, { holder, isParked }] of full) {
        const place = places[box].get(c)!
        if (holder) assert.equal(place, `hold ${holder.process}`, `${box} ${c}`)
        else if (isParked) assert.equal(place, 'parked', `${box} ${c}`)
        else assert.match(place, /^(run|bulk|delayed)$/, `${box} ${c}`)
      }
    }
  }

  /** Its replies are parked, and with them more of its bot than may be. */
  #mustPark(c: ConversationKey): boolean {
    const { outbox } = this.#boxes
    const parked = [...outbox].flatMap(([name, { mail, isParked }]) =>
      isParked && botOf(name) === botOf(c) ? mail : [],
    )
    return outbox.get(c)?.isParked === true && parked.length > this.maxOutbox
  }

  #append(
    process: string,
    { conversation, fence, position }: InHand,
    replies: readonly number[],
    grant: boolean,
  ): boolean {
    const it = this.of('outbox', conversation)
    const bot = botOf(conversation)
    const isFree = it.mail.length === 0
    for (const n of replies) this.deliver('outbox', conversation, n)
    const granted = isFree && grant && !this.#paused.has(`outbox ${bot}`) && this.#hasRoom('outbox', bot)
    if (granted) this.#take(it, process, `${fence}-${position}`)
    return granted
  }

  #take(it: Conversation, process: string, fence: string): void {
    assert.ok(!this.fences.has(fence), `fence ${fence} was given before`)
    this.fences.add(fence)
    it.holder = { process, fence, position: 0 }
  }

  #held(box: BoxName, bot: string): number {
    return [...this.#boxes[box]].filter(([c, { holder }]) => holder && botOf(c) === bot).length
  }

  #hasRoom(box: BoxName, bot: string): boolean {
    return this.#held(box, bot) < (this.#caps.get(`${box} ${bot}`) ?? Number.POSITIVE_INFINITY)
  }

  #keepsCap(box: BoxName, bot: string): void {
    const cap = this.#caps.get(`${box} ${bot}`)
    if (cap !== undefined) assert.ok(this.#held(box, bot) <= cap, `${box} ${bot} holds more than ${cap}`)
  }

  #eachHeld(process: string, each: (it: Conversation) => void): void {
    for (const box of Object.values(this.#boxes)) {
      for (const it of box.values()) if (it.holder?.process === process) each(it)
    }
  }
}
