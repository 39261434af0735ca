import type { ConversationKey } from '@botyard/queue-contracts'
import { HoldLostError, ShutdownError } from '../errors.ts'
import { isInTime } from '../redis/is-in-time.ts'
import type { ClaimResult } from '../turns/claimed.ts'
import { startTokenWorkers } from '../wake/token-workers.ts'
import { ChurnedMap } from './churned-map.ts'
import type { Disposition } from './disposition.ts'
import type { Drain, DrainOptions } from './drain-options.ts'
import { createHandOver } from './hand-over.ts'
import { HeldConversation, type HeldFrom, heldFrom } from './held-conversation.ts'
import type { Mail } from './mail.ts'
import { Places } from './places.ts'
import { createWorkClock } from './work-clock.ts'

/** How long after the last handler a shutdown waits for what has not been settled yet. */
const settleGraceMs = 2000

/** Starts the drain of one box. */
export function startDrain(options: DrainOptions): Drain {
  const { box, turns, heartbeat, handle, judge, timeoutMsOf } = options
  const { onTrouble = () => undefined, abortGraceMs = 3000 } = options
  const places = new Places(options.concurrency)
  const held = new ChurnedMap<ConversationKey, HeldConversation>()
  /** Runs that lost their hold, whose conversation is in hand anew: it waits for them to end. */
  const fencedOut = new Set<HeldConversation>()
  let stopping = false
  let moves = 0
  const handOver = createHandOver(options, { isStopping: () => stopping, hasRoom: () => places.hasRoom })

  const clock = createWorkClock(Math.min(100, abortGraceMs), () => {
    const now = performance.now()
    for (const conversation of held.values()) conversation.tick(now, abortGraceMs)
    for (const conversation of fencedOut) conversation.tick(now, abortGraceMs)
    return held.size + fencedOut.size > 0
  })

  function start(partition: number, { claimed }: ClaimResult): void {
    moves++
    for (const one of claimed) begin(heldFrom(one, partition))
  }

  function begin(from: HeldFrom): void {
    const conversation = new HeldConversation(from)
    places.begin(conversation.bot)
    clock.start()
    const { isSuspect } = conversation
    const before = held.get(conversation.conversation)
    if (before) fencedOut.add(before)
    held.set(conversation.conversation, conversation)
    void work(conversation, before)
      .catch(onTrouble)
      .finally(() => {
        if (held.get(conversation.conversation) === conversation) held.delete(conversation.conversation)
        fencedOut.delete(conversation)
        if (isSuspect) turns.suspects.give()
        conversation.ended.resolve()
        places.end(conversation.bot)
      })
  }

  async function work(conversation: HeldConversation, before: HeldConversation | undefined): Promise<void> {
    // An older run of it, fenced out, may still be going on here: two at once would break the order.
    if (before) {
      before.abort(new HoldLostError())
      await before.ended.promise
    }
    for (;;) {
      const mail = conversation.nextMail(() => checkHold(conversation))
      const disposition = await decide(conversation, mail)
      const settled = await handOver(conversation, mail, disposition)
      moves++
      if (settled.status !== 'held') return
      conversation.popped(settled.entries)
    }
  }

  /** Others may hold what this process has by now if its last beat is old, as after a freeze. */
  function checkHold({ partition }: HeldConversation): void {
    if (!heartbeat.isSure(partition)) throw new HoldLostError()
  }

  async function decide(conversation: HeldConversation, mail: Mail): Promise<Disposition> {
    if (mail.body.length === 0) return { do: 'quarantine' }
    if (stopping) return { do: 'release' }
    try {
      checkHold(conversation)
      await options.holdGuard?.confirm(conversation)
      const timeoutMs = timeoutMsOf(conversation.conversation)
      const disposition = await conversation.run(timeoutMs, signal => handle(mail, signal))
      if (conversation.failure) throw conversation.failure
      return disposition
    } catch (error) {
      return judge(mail, error)
    }
  }

  turns.attach(box, {
    places,
    start,
    holds(partition) {
      const mine = new Map<ConversationKey, string>()
      for (const conversation of held.values()) {
        if (conversation.partition === partition) mine.set(conversation.conversation, conversation.hold)
      }
      return mine
    },
    lose: conversation => held.get(conversation)?.abort(new HoldLostError()),
  })
  const tokenWorkers = startTokenWorkers({ ...options, groups: turns.groups, places, onTrouble })

  return {
    reserve: bot => places.takeFor(bot),
    giveBack: () => places.give(1),
    begin,
    get holding() {
      return held.size
    },
    get hasPlaces() {
      return places.hasRoom
    },
    pause: isPaused => places.pause(isPaused),
    get moves() {
      return moves
    },
    async close(graceMs) {
      stopping = true
      places.close()
      turns.detach(box)
      await tokenWorkers.close()
      const ended = () => Promise.all([...held.values()].map(conversation => conversation.ended.promise))
      // A claim under way may still bring conversations: they are handed back like the others.
      await isInTime(turns.answered().then(ended), graceMs)
      for (const conversation of held.values()) conversation.abort(new ShutdownError())
      // Those that ignore the abort are left after their grace; what Redis does not answer is mended after
      // our heartbeat's end.
      await isInTime(ended(), abortGraceMs + settleGraceMs)
      clock.close()
    },
  }
}
