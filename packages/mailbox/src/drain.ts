import { type BoxName, type ConversationKey, type DrainJob, readDrainJob, shardTag } from '@botyard/queue-contracts'
import { type Job, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { ChurnedMap } from './churned-map.ts'
import type { DrainQueues } from './drain-queues.ts'
import { entryBytes } from './entry.ts'
import { HoldLostError, ShutdownError } from './errors.ts'
import type { Heartbeat } from './heartbeat.ts'
import { HeldConversation } from './held-conversation.ts'
import { boxBase, shardBase } from './keys.ts'
import type { Mail } from './mail.ts'
import { NameCounts } from './name-counts.ts'
import { type ClaimAnswer, withMailboxScripts } from './scripts.ts'
import { createSettler, type Settled, type Settler } from './settler.ts'
import type { Slots } from './slots.ts'
import type { Verdict } from './verdict.ts'

/** What a drain does with the mail of one box. */
export interface DrainOptions {
  readonly box: BoxName
  readonly shards: number
  /** A client for BullMQ workers (`maxRetriesPerRequest: null`): an unanswered script is repeated until it is answered. */
  readonly redis: Redis
  readonly queues: DrainQueues
  readonly heartbeat: Heartbeat
  readonly slots: Slots
  /** Handles one entry; may throw. Its signal aborts when the hold is lost, the time is up or the worker shuts down. */
  readonly handle: (mail: Mail, signal: AbortSignal) => Promise<Verdict>
  /** Decides about an entry whose handler threw, timed out or was aborted. Must not throw. */
  readonly judge: (mail: Mail, error: unknown) => Verdict
  /** Most handlers of a conversation's bot that run at once over all workers of a shard; 0 = no cap. */
  readonly capOf: (conversation: ConversationKey) => number
  readonly timeoutMsOf: (conversation: ConversationKey) => number
  /** Called with conversations whose replies are the first in their outbox. */
  readonly onReplies?: (shard: number, conversations: ConversationKey[]) => void
  /** Called once per settled entry. */
  readonly onSettled?: (mail: Mail, verdict: Verdict, settled: Settled['status']) => void
  /** Called when something failed that the next wake-up or the sweeper mends. */
  readonly onTrouble?: (error: unknown) => void
  readonly quota?: { readonly updates: number; readonly ms: number }
  /** How long an aborted handler may take to end before its conversation goes on without it. */
  readonly abortGraceMs?: number
}

/** Works one box off, on all queue shards. */
export interface Drain {
  /** Claims conversations at once if places are free, without the way through the queue; wakes the rest. */
  offer(shard: number, conversations: readonly ConversationKey[]): Promise<void>
  /** Conversations in hand. */
  readonly holding: number
  /** Whether one more could be taken. */
  readonly hasPlaces: boolean
  /** Grows with every claim and settle that Redis has answered. */
  readonly moves: number
  /** Takes no more, lets handlers end (aborts them after `graceMs`), hands back what is left. */
  close(graceMs: number): Promise<void>
}

const prefetch = 16
const claimBytes = 1024 * 1024
/**
 * Jobs that one process claims from at once. A job ends when its conversations are claimed, so this is about round trips, not
 * handlers: with fsync always the fetch of a job and the claim each wait for the disk, and one after the other they set the
 * pace (0001-drain-jobs-name-many-conversations).
 */
const jobsAtOnce = 8
/**
 * How long a job waits for places for its conversations before it hands the rest back. Handlers that end within a
 * millisecond free them at once, and a rest that was handed back costs a job of its own: with 100 places and jobs of 32
 * every second conversation was.
 */
const patienceMs = 10
/**
 * How long it waits for the first of them, before its conversations are for other processes. Waiting keeps their turn: what was
 * handed back can be overtaken.
 */
const firstPlaceMs = 250
const suspectDelayMs = 1000
/** How long after the last handler a shutdown waits for what has not been settled yet. */
const settleGraceMs = 2000
const unreadDelayMs = 2000

/** Starts the workers of one box. */
export function startDrain(options: DrainOptions): Drain {
  const { box, shards, queues, heartbeat, slots, handle, judge, capOf, timeoutMsOf } = options
  const { onReplies, onSettled, onTrouble, quota = { updates: 64, ms: 10_000 }, abortGraceMs = 3000 } = options
  const redis = withMailboxScripts(options.redis)
  const held = new ChurnedMap<ConversationKey, HeldConversation>()
  /** What claims under way name: to a second claim of this process their conversations are in memory already. */
  const claiming = new NameCounts()
  const settlers: Settler[] = Array.from({ length: shards }, (_, shard) =>
    createSettler({ redis, shard, box, process: heartbeat.process, onTrouble }),
  )
  let stopping = false
  let suspect: ConversationKey | undefined
  /** A claim under way may bring a suspect: no other may meanwhile. */
  let permitUsed = false
  let moves = 0

  async function runJob(shard: number, job: Job<DrainJob>): Promise<void> {
    let names: ConversationKey[]
    try {
      names = [...new Set(readDrainJob(job.data).c)]
    } catch (error) {
      onTrouble?.(error)
      return queues.handBackUnread(shard, box, job.data, job.timestamp, unreadDelayMs)
    }
    // In parts, so that a job of many does not wait until the whole process is idle.
    const most = Math.ceil(slots.total / 2)
    let isFull = false
    for (let waitMs = firstPlaceMs; names.length > 0; waitMs = patienceMs) {
      const wanted = Math.min(names.length, most)
      const taken = await slots.takeSoon(wanted, patienceMs, waitMs)
      const part = names.splice(0, taken)
      isFull = taken < wanted
      if (isFull) await queues.handBack(shard, box, names.splice(0), job.timestamp)
      await claim(shard, part)
    }
    // The rest is for processes that have places. This one would fetch it again at once, if its jobs did not last until it has, too.
    if (isFull) await slots.whenFree()
  }

  /** Claims names, one place each taken already. */
  async function claim(shard: number, names: readonly ConversationKey[]): Promise<void> {
    if (names.length === 0) return
    const permit = suspect === undefined && !permitUsed ? 1 : 0
    if (permit === 1) permitUsed = true
    const lines = names.map(name => `${name} ${held.has(name) || claiming.has(name) ? 1 : 0} ${capOf(name)}\n`).join('')
    for (const name of names) claiming.add(name)
    let answers: ClaimAnswer[]
    try {
      answers = await redis.mailboxClaimBuffer(
        boxBase(shard, box),
        shardBase(shard),
        heartbeat.process,
        claimBytes,
        permit,
        lines,
      )
    } catch (error) {
      slots.give(names.length)
      throw error
    } finally {
      for (const name of names) claiming.remove(name)
      if (permit === 1) permitUsed = false
    }
    moves++
    const again: ConversationKey[] = []
    const later: Promise<void>[] = []
    for (const [i, name] of names.entries()) {
      const answer = answers[i]!
      if (answer[0] === 0) {
        void start(name, shard, answer).catch(error => onTrouble?.(error))
        continue
      }
      slots.give(1)
      const status = String(answer[0])
      if (status === 'delayed') later.push(queues.wakeLater(shard, box, name, Number(answer[1])))
      else if (status === 'suspect') later.push(queues.wakeLater(shard, box, name, suspectDelayMs))
      else if (status === 'later') again.push(name)
    }
    if (again.length > 0) later.push(queues.wake(shard, box, again))
    await Promise.all(later)
  }

  async function start(name: ConversationKey, shard: number, claimed: ClaimAnswer): Promise<void> {
    let conversation: HeldConversation
    try {
      conversation = new HeldConversation(name, shard, claimed)
    } catch (error) {
      // An entry that nobody can read: no other conversation may suffer for it.
      slots.give(1)
      throw error
    }
    const before = held.get(name)
    held.set(name, conversation)
    const { isSuspect } = conversation
    if (isSuspect) suspect = name
    try {
      // An older run of it, fenced out, may still be going on here: two at once would break the order.
      if (before) {
        before.abort(new HoldLostError())
        await before.ended.promise
      }
      await run(conversation)
    } catch (error) {
      onTrouble?.(error)
    } finally {
      if (held.get(name) === conversation) held.delete(name)
      if (isSuspect && suspect === name) suspect = undefined
      conversation.ended.resolve()
      slots.give(1)
    }
  }

  async function run(conversation: HeldConversation): Promise<void> {
    for (;;) {
      const mail = conversation.nextMail()
      const verdict = await decide(conversation, mail)
      const settled = await settle(conversation, mail, verdict)
      onSettled?.(mail, verdict, settled.status)
      if (settled.status !== 'held') return follow(conversation, settled)
      conversation.popped(settled.entries)
    }
  }

  async function decide(conversation: HeldConversation, mail: Mail): Promise<Verdict> {
    try {
      return await conversation.run(timeoutMsOf(conversation.conversation), signal => handle(mail, signal))
    } catch (error) {
      return judge(mail, error)
    }
  }

  async function settle(conversation: HeldConversation, mail: Mail, verdict: Verdict): Promise<Settled> {
    const { shard, fence, position } = conversation
    const withinQuota = position + 1 < quota.updates && performance.now() - conversation.startedAt < quota.ms
    const settled = await settlers[shard]!.settle({
      conversation: conversation.conversation,
      fence,
      position,
      bytes: entryBytes(mail),
      verdict,
      keep: withinQuota && !stopping && !conversation.aborted,
      wanted: conversation.unread === 0 ? prefetch : 0,
    })
    moves++
    const replied = verdict.do === 'ack' && verdict.replies !== undefined && verdict.replies.length > 0
    // A refusal may be the answer to a repeated script whose first run did append them.
    if (replied && (settled.repliesFirst || settled.status === 'refused'))
      onReplies?.(shard, [conversation.conversation])
    if (settled.nextInLine) await queues.wake(shard, box, [settled.nextInLine])
    return settled
  }

  /** Release first, then add the job, whatever release answered: its answer may be that of a repeated script. */
  async function follow({ conversation, shard }: HeldConversation, settled: Settled): Promise<void> {
    if (settled.status === 'released') await queues.wake(shard, box, [conversation])
    else if (settled.status === 'delayed') await queues.wakeLater(shard, box, conversation, settled.delayMs)
    else if (settled.status === 'refused') await queues.wake(shard, box, [conversation])
  }

  async function dropLostHolds(): Promise<void> {
    for (let shard = 0; shard < shards; shard++) {
      const mine = [...held.values()].filter(conversation => conversation.shard === shard)
      if (mine.length === 0) continue
      const args = mine.flatMap(({ conversation, fence }) => [conversation, fence])
      const lost = new Set(
        await redis.mailboxLostHolds(boxBase(shard, box), shardBase(shard), heartbeat.process, ...args),
      )
      for (const conversation of mine) if (lost.has(conversation.conversation)) conversation.abort(new HoldLostError())
    }
  }
  heartbeat.onLapse(() => void dropLostHolds().catch(error => onTrouble?.(error)))

  // Never throws: it aborts and rejects.
  const clock = setInterval(
    () => {
      const now = performance.now()
      for (const conversation of held.values()) conversation.tick(now, abortGraceMs)
    },
    Math.min(100, abortGraceMs),
  )

  const workers = Array.from({ length: shards }, (_, shard) => {
    const worker = new Worker<DrainJob>(box, job => runJob(shard, job), {
      connection: redis,
      prefix: shardTag(shard),
      concurrency: jobsAtOnce,
      lockDuration: 15_000,
      stalledInterval: 5000,
      // A job that failed by stalling would strand its conversations; poison is told by the mailbox's own counts.
      maxStalledCount: 1_000_000_000,
      // A frozen idle worker swallows BullMQ's marker: others look again after this many seconds.
      drainDelay: 1,
      // It asks INFO, which a user of few rights may not, and then asks for ever.
      skipVersionCheck: true,
      streams: { events: { maxLen: 100 } },
    } as ConstructorParameters<typeof Worker<DrainJob>>[2])
    // Never throws: it counts and logs.
    worker.on('error', error => onTrouble?.(error))
    waitForFractions(worker).catch(error => onTrouble?.(error))
    return worker
  })

  return {
    get holding() {
      return held.size
    },
    get hasPlaces() {
      return slots.free > 0
    },
    get moves() {
      return moves
    },
    async offer(shard, conversations) {
      const names = [...new Set(conversations)]
      const taken = slots.take(names.length)
      const rest = names.splice(taken)
      await Promise.all([queues.wake(shard, box, rest), claim(shard, names)])
    },
    async close(graceMs) {
      stopping = true
      slots.close()
      await Promise.all(workers.map(worker => worker.close()))
      const ended = () => Promise.all([...held.values()].map(conversation => conversation.ended.promise))
      const { promise: deadline, resolve } = Promise.withResolvers<void>()
      const giveUp = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, graceMs)
      await Promise.race([ended(), deadline])
      clearTimeout(timer)
      for (const conversation of held.values()) conversation.abort(new ShutdownError())
      // Those that ignore the abort are left after their grace; what Redis does not answer is mended after our heartbeat's end.
      const left = setTimeout(giveUp.resolve, abortGraceMs + settleGraceMs)
      await Promise.race([ended(), giveUp.promise])
      clearTimeout(left)
      clearInterval(clock)
    },
  }
}

/**
 * Has a worker wait for fractions of a second: without its look at the version BullMQ takes Redis for one of 2018, that knows whole ones
 * only, and a conversation that is due in 50 ms would wait for a second.
 */
async function waitForFractions(worker: Worker<DrainJob>): Promise<void> {
  await worker.waitUntilReady()
  const { blockingConnection } = worker.getBackend() as unknown as { blockingConnection: { capabilities: object } }
  blockingConnection.capabilities = { canDoubleTimeout: true, canBlockFor1Ms: true }
}
