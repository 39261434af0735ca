import assert from 'node:assert/strict'
import { type BoxName, boxNames, type ConversationKey, partitionTag } from '@botyard/queue-contracts'
import { type Disposition, type MailboxWriter, readParked, steerBot, unpark } from '../../src/index.ts'
import { boxBase, deadLettersKey, quarantineKey } from '../../src/redis/keys.ts'
import type { Settlement } from '../../src/turns/settlement.ts'
import { type rig, update } from '../rig.ts'
import { bodyOf, conversations, dispositionOf, processes, type Step, type TurnStep } from './history-steps.ts'
import { type InHand, Model, type Operation } from './model.ts'

type Rig = Awaited<ReturnType<typeof rig>>

const parking = { verb: 'park', keep: false, grant: false, replies: 0, wanted: 0 } as const

/** Runs generated steps against Redis and the model side by side. */
export class History {
  readonly model: Model
  readonly #rig: Rig
  readonly #writers: Record<BoxName, Record<'plain' | 'bulk', MailboxWriter>>
  /** What each process believes to hold, zombies included. */
  readonly #inHand: InHand[][] = processes.map(() => [])
  readonly #names: string[] = [...processes]
  #numbers = 0
  #turns = 0

  constructor(
    all: Rig,
    writers: Record<BoxName, Record<'plain' | 'bulk', MailboxWriter>>,
    maxOutbox: number,
  ) {
    this.#rig = all
    this.model = new Model(maxOutbox)
    this.#writers = writers
  }

  async begin(): Promise<void> {
    for (const process of [...this.#names, 'witness']) await this.#rig.beat(process)
  }

  async step(step: Step): Promise<void> {
    await this.#run(step)
    this.model.agreesWith(await this.#rig.check())
  }

  /** All who held something die, nothing keeps anybody waiting, and one process works everything off. */
  async end(): Promise<void> {
    for (let i = 0; i < processes.length; i++) await this.#crash(i)
    for (const box of boxNames) {
      for (const bot of ['a', 'b', 'c'] as const) {
        await this.#run({ do: 'resume', box, bot })
        await this.#run({ do: 'cap', box, bot, most: 0 })
      }
      for (let i = 0; i < conversations.length; i++) await this.#run({ do: 'unpark', box, word: 'retry' })
    }
    const claimAll = { free: 64, keep: 0, token: true, suspect: true, busy: [], lookoutMs: 0 as const }
    const ack = { verb: 'ack', keep: true, grant: false, replies: 0, wanted: 16 } as const
    for (let left = true, rounds = 0; left; rounds++) {
      assert.ok(rounds < 200, 'everything is worked off in the end')
      await this.#run({ do: 'time' })
      for (const box of boxNames) {
        const settles = this.#inHand[0]!.map((_, pick) => ({ ...ack, pick }))
        await this.#turn({ do: 'turn', process: 0, settles, claim: { ...claimAll, box }, answer: 'comes' })
      }
      const places = await this.#rig.check()
      this.model.agreesWith(places)
      left = places.inbox.size + places.outbox.size > 0
    }
    const { redis } = this.#rig
    assert.deepEqual(
      this.model.popped.toSorted(),
      this.model.accepted.toSorted(),
      'what was accepted is popped once',
    )
    assert.equal(await redis.llen(deadLettersKey(0)), this.model.dead)
    assert.equal(await redis.llen(quarantineKey(0)), this.model.quarantined)
  }

  async #run(step: Step): Promise<void> {
    const { model } = this
    const { redis, steering } = this.#rig
    switch (step.do) {
      case 'deliver':
        return this.#deliver(step.box, step.c, step.bulk, step.again)
      case 'turn':
        return this.#turn(step)
      case 'stall':
        return this.#stall(step.process)
      case 'crash':
        return this.#crash(step.process)
      case 'freeze':
        return this.#freeze(step.process)
      case 'forget': {
        const [forgotten] = this.#inHand[step.process]!.splice(
          step.pick % (this.#inHand[step.process]!.length || 1),
          1,
        )
        if (forgotten === undefined) return
        const { box, conversation } = forgotten
        const name = this.#names[step.process]!
        const hold = await redis.hget(`${boxBase(0, box)}:hold:${name}`, conversation)
        // Of a zombie nothing is left, or it holds the conversation again.
        if (hold === null || !hold.startsWith(`${forgotten.fence}:`)) return
        assert.equal(await redis.mailboxDropHolds(partitionTag(0), name, box, conversation, hold), 1)
        return model.drop(box, conversation)
      }
      case 'unpark': {
        const parked = conversations.find(c => model.of(step.box, c).isParked)
        if (parked === undefined) return
        const head = await readParked(redis, 1, step.box, parked)
        const word =
          step.word === 'retry'
            ? ({ do: 'retry' } as const)
            : ({ do: 'skip', letter: Buffer.from('x') } as const)
        const answer = await unpark(steering, head!, word)
        return assert.equal(answer, model.unpark(step.box, parked, word.do))
      }
      case 'cap':
        await steerBot(steering, step.box, step.bot, { do: 'cap', most: step.most })
        return model.cap(step.box, step.bot, step.most)
      case 'pause': {
        const untilMs = step.until && Date.now() + step.until
        await steerBot(steering, step.box, step.bot, { do: 'pause', untilMs })
        return model.pause(step.box, step.bot, untilMs === 0 ? 'for good' : 'until')
      }
      case 'resume':
        await steerBot(steering, step.box, step.bot, { do: 'resume' })
        return model.resume(step.box, step.bot)
      case 'time':
        return this.#timePasses()
    }
  }

  async #deliver(box: BoxName, c: ConversationKey, bulk: boolean, again: boolean): Promise<void> {
    const one = update(c, ++this.#numbers, { body: bodyOf(this.#numbers) })
    const writer = this.#writers[box][bulk ? 'bulk' : 'plain']
    assert.equal(await writer.deliver(one), 'accepted')
    if (again) assert.equal(await writer.deliver(one), 'duplicate')
    this.model.deliver(box, c, this.#numbers)
    await this.#isTold(box)
  }

  /** After each delivery somebody is to take what is ready: a token says so, or a process looks by itself. */
  async #isTold(box: BoxName): Promise<void> {
    const { redis } = this.#rig
    const base = boxBase(0, box)
    const [ready, tokens, promisedUntil] = await Promise.all([
      redis.zcard(`${base}:bots`),
      redis.exists(`${base}:token`),
      redis.get(`${base}:lookout`),
    ])
    const isTold = tokens > 0 || Number(promisedUntil) >= Date.now()
    assert.ok(ready === 0 || isTold, `nobody is told of what is ready in the ${box}`)
  }

  async #turn({ process, settles, claim, answer }: TurnStep): Promise<void> {
    const inHand = this.#inHand[process]!
    const name = this.#names[process]!
    const operations =
      inHand.length === 0 ? [] : settles.map(one => this.#operation(inHand[one.pick % inHand.length]!, one))
    const settlements = operations.map(({ inHand, disposition, keep, grant }, i) =>
      settlementOf(inHand, disposition, keep, grant, settles[i]!.wanted),
    )
    const number = ++this.#turns
    const send = () => this.#rig.turn(name, settlements, claim, number, [this.model.maxOutbox, 1e6])
    const first = await send()
    if (answer !== 'comes')
      assert.deepEqual(untimed(await send()), untimed(first), 'a repeated turn answers the same')

    // Replies go first, as in the script.
    const results = new Map<Operation, { status: string; granted: boolean }>()
    for (const box of ['outbox', 'inbox'] as const) {
      for (const operation of operations) {
        if (operation.inHand.box === box)
          results.set(operation, this.model.settle(name, { ...operation, inHand: { ...operation.inHand } }))
      }
    }
    for (const [i, operation] of operations.entries()) {
      const { status, granted, entries } = first.settled[i]!
      assert.deepEqual({ status, granted }, results.get(operation), `${name} ${JSON.stringify(operation)}`)
      this.#take(process, operation, status, granted, entries)
    }
    if (claim !== undefined) {
      const claimed = first.claim!.claimed.map(({ conversation, fence, trouble, head }) => ({
        ...{ conversation, fence, number: Number(head.subarray(28)), acceptedAtMs: head.readUIntBE(0, 6) },
        ...{
          tries: trouble?.tries ?? 0,
          crashes: trouble?.crashes ?? 0,
          interrupted: trouble?.interrupted ?? false,
        },
        troubled: trouble !== undefined,
      }))
      const ended = operations.filter(
        ({ inHand }, i) => inHand.box === claim.box && first.settled[i]!.status !== 'held',
      ).length
      this.model.claim(claim.box, name, claimed, claim.free + ended, claim.suspect)
      this.model.parkWithReplies((await this.#rig.check()).inbox)
      for (const { conversation, fence, acceptedAtMs, troubled } of claimed) {
        this.#inHand[process]!.push({
          box: claim.box,
          conversation,
          fence,
          position: 0,
          acceptedAtMs,
          troubled,
        })
      }
    }
    if (answer !== 'is lost until the process was taken over') return
    await this.#rig.die(name)
    this.model.takeOver(name)
    const late = await send()
    for (const { status, granted } of late.settled) assert.deepEqual([status, granted], ['refused', false])
    if (claim !== undefined) assert.deepEqual(late.claim!.claimed, [])
    await this.#rig.beat(name)
  }

  #operation(inHand: InHand, { verb, keep, grant, replies }: TurnStep['settles'][number]): Operation {
    const numbers =
      inHand.box === 'inbox' && verb === 'ack' ? Array.from({ length: replies }, () => ++this.#numbers) : []
    const disposition = dispositionOf(verb, numbers)
    return { inHand, disposition, keep, grant, replies: numbers }
  }

  /** What the process has in hand after an operation. */
  #take(
    process: number,
    { inHand }: Operation,
    status: string,
    granted: boolean,
    entries: readonly Buffer[],
  ): void {
    const mine = this.#inHand[process]!
    if (granted) {
      const fence = `${inHand.fence}-${inHand.position}`
      mine.push({ ...inHand, box: 'outbox', fence, position: 0, acceptedAtMs: 0, troubled: false })
    }
    if (status !== 'held') {
      const at = mine.indexOf(inHand)
      if (at >= 0) mine.splice(at, 1)
      return
    }
    const expected = this.model.of(inHand.box, inHand.conversation).mail.slice(0, entries.length)
    assert.deepEqual(
      entries.map(entry => Number(entry.subarray(28))),
      expected,
    )
    inHand.position++
    inHand.troubled = false
  }

  /** Parks all replies that a process has in hand, so that histories have many that wait for an operator. */
  async #stall(process: number): Promise<void> {
    const settles = this.#inHand[process]!.flatMap(({ box }, pick) =>
      box === 'outbox' ? [{ ...parking, pick }] : [],
    )
    await this.#turn({ do: 'turn', process, settles, claim: undefined, answer: 'comes' })
  }

  async #crash(process: number): Promise<void> {
    const name = this.#names[process]!
    await this.#rig.die(name)
    this.model.takeOver(name)
    this.#inHand[process] = []
    this.#names[process] = `${processes[process]}-${++this.#turns}`
    await this.#rig.beat(this.#names[process]!)
  }

  /** It was taken over while it stood still, and goes on with what it believes to hold. */
  async #freeze(process: number): Promise<void> {
    const name = this.#names[process]!
    await this.#rig.die(name)
    this.model.takeOver(name)
    await this.#rig.beat(name)
  }

  /** What waits for its time becomes due. */
  async #timePasses(): Promise<void> {
    const { redis, turn } = this.#rig
    for (const box of boxNames) {
      for (const key of [`${boxBase(0, box)}:delayed`, `${boxBase(0, box)}:resume`]) {
        for (const member of await redis.zrange(key, '0', '-1')) await redis.zadd(key, 1, member)
      }
      await turn('witness', [], { box, free: 0 }, ++this.#turns)
    }
    this.model.timePasses()
  }
}

/** Without what changes by the millisecond: a turn that changed nothing is taken again. */
function untimed<T extends { claim: object | undefined }>(turn: T): T {
  return { ...turn, claim: turn.claim && { ...turn.claim, dueInMs: undefined } }
}

function settlementOf(
  inHand: InHand,
  disposition: Disposition,
  keep: boolean,
  grant: boolean,
  wanted: number,
): Settlement {
  const { box, conversation, fence, position, acceptedAtMs, troubled } = inHand
  const hold = `${fence}:${position}:${acceptedAtMs}`
  return { box, conversation, hold, bytes: 32, disposition, keep, wanted, troubled, grant }
}
