import { setTimeout as delay } from 'node:timers/promises'
import type { LearnedWindow, Limit } from '@botyard/platforms'
import type { Naming } from '@botyard/service-kit'
import type { Redis } from 'ioredis'
import { SendLimitsUnavailableError } from './errors.ts'
import { botBase, errorsKey, unhealthyKey } from './keys.ts'
import { hashName, limitArguments, windowParts } from './limit-arguments.ts'
import { QuietBots } from './quiet-bots.ts'
import { createRedisClock } from './redis-clock.ts'
import { withLimitScripts } from './scripts.ts'
import type { Sender } from './sender.ts'

/** How a message is asked for. */
export interface Asking {
  /**
   * Who waits if it is refused, such as the conversation's keyed name: it keeps its place when it asks again.
   */
  readonly asker: string
  /** Waits behind what is not bulk, and rather waits once more than leaves late. */
  readonly bulk?: boolean | undefined
  /** A slot that {@link SendLimits.reserve} gave for this message; one that has passed is asked for anew. */
  readonly reserved?: ReservedSlot | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * A slot of a broadcast's message: when, by Redis's clock, and which of its limits are charged for it
 * already.
 */
export interface ReservedSlot {
  readonly atMs: number
  readonly under: readonly string[]
}

/** Leave to send one message, now. */
export interface Grant {
  readonly granted: true
  /** When, by Redis's clock; `learn` needs it. */
  readonly atMs: number
  /** The bot's credentials were refused before: this send shows whether they still are. */
  readonly probe: boolean
  /** The slot it has, by Redis's clock, and how much later than that this process noticed, in ms. */
  readonly slotMs: number
  readonly lateMs: number
}

/**
 * No leave: ask again after `afterMs`, at least 1. `name` is the limit's and may hold a chat's id: not for
 * logs.
 */
export interface Refusal {
  readonly granted: false
  readonly afterMs: number
  readonly name: string
  readonly kind: Limit['kind'] | 'health'
}

/**
 * The limits of all bots, shared by all processes. Every method rejects with `SendLimitsUnavailableError`
 * while Redis is away.
 */
export interface SendLimits {
  /**
   * Asks leave for one message. A slot that opens within `aheadMs` is waited for here; rejects with the
   * signal's reason if that is aborted meanwhile.
   */
  take(sender: Sender, limits: readonly Limit[], asking: Asking): Promise<Grant | Refusal>
  /**
   * Slots for messages of a broadcast that all are under these rates: at most `most`, none before `leadMs`
   * nor after `horizonMs` from now, by Redis's clock. None while an interactive message waits for one of the
   * rates.
   */
  reserve(
    sender: Sender,
    rates: readonly Limit[],
    want: { readonly max: number; readonly leadMs: number; readonly horizonMs: number },
  ): Promise<ReservedSlot[]>
  /**
   * A message of a broadcast arrived `ms` after its slot: what comes after it under these rates is moved,
   * lest the platform sees too many together. Short lateness changes nothing.
   */
  late(sender: Sender, limits: readonly Limit[], grant: Grant, ms: number): Promise<void>
  /** Takes over what an answer told about windows. */
  learn(sender: Sender, grant: Grant, learned: readonly LearnedWindow[]): Promise<void>
  /** Pauses names of limits, in ms from now; the longest wins. */
  pause(sender: Sender, pauses: readonly { readonly name: string; readonly ms: number }[]): Promise<void>
  /** Charges one error to each of these budgets among the limits. */
  charge(sender: Sender, limits: readonly Limit[], names: readonly string[]): Promise<void>
  /**
   * The platform refused the credentials: nothing leaves but one probe a minute. `first` says whether that is
   * news; the caller may come back after `afterMs`.
   */
  unhealthy(sender: Sender, reason: string): Promise<{ first: boolean; afterMs: number }>
  /** The platform took the credentials; true if they were marked as refused. */
  healthy(sender: Sender): Promise<boolean>
}

/**
 * How much later than its slot a message of a broadcast may leave before it asks anew, in ms: at 96 % of 30 a
 * second one that is 31 ms late makes the 30th after it one too many.
 */
const maxLateMs = 20

/**
 * How long before its slot a message of a broadcast asks, in ms: long enough for Redis to answer while it
 * writes its log, and no longer, since a reply that comes later is on top of the rate.
 */
const noticeMs = 25

/** Lateness of a message that moves nothing, in ms. */
const tolerableMs = 15

/** How often it asks anew: a process that is always late had better be late than silent. */
const maxRepeats = 3

/** A platform that refused credentials is asked again that often, in ms. */
const probeMs = 60_000

/** The list of such bots outlives the last of its marks, in ms. */
const listedMs = 8 * 24 * 60 * 60 * 1000

/**
 * Opens the limits. `redis` should fail fast while Redis is away. `aheadMs`: how long before its slot a
 * message may hold a place among the sends of a process; half of it is the jitter of waking up that costs no
 * throughput.
 */
export function createSendLimits(options: {
  redis: Redis
  naming: Pick<Naming, 'update'>
  aheadMs?: number
  /** This process's clock, in ms; tests set another one. */
  localNow?: () => number
}): SendLimits {
  const { naming, aheadMs = 400, localNow = () => performance.now() } = options
  const redis = withLimitScripts(options.redis)
  const hash = hashName(naming)
  const clock = createRedisClock(localNow)
  const quiet = new QuietBots(localNow)

  async function ask(
    sender: Sender,
    limits: readonly Limit[],
    { asker, bulk, reserved }: Omit<Asking, 'signal'>,
  ): Promise<Grant | Refusal> {
    for (const limit of limits) {
      if (limit.kind !== 'errors') continue
      const afterMs = await redis.limitsErrors(budgetOf(sender, limit), limit.max, limit.periodMs, 0)
      if (afterMs > 0) return { granted: false, afterMs: spread(afterMs), name: limit.name, kind: 'errors' }
    }
    const asked = limits.filter(limit => limit.kind !== 'errors')
    const unasked = quiet.takeUnasked(sender)
    const [granted, ...answer] = await redis.limitsTake(
      botBase(sender.id),
      sender.version,
      tenantOf(sender),
      asker,
      bulk ? 1 : 0,
      aheadMs,
      ...asked.flatMap(limit =>
        limitArguments(limit, name => hash(sender.id, name), reserved?.under, unasked),
      ),
    )
    if (granted === 1) {
      const [waitMs, atMs, probe, isQuiet] = answer.map(Number)
      quiet.saw(sender, isQuiet === 1)
      const slotMs = Math.max(atMs! + waitMs!, reserved?.atMs ?? 0)
      return { granted: true, atMs: atMs!, slotMs, lateMs: 0, probe: probe === 1 }
    }
    quiet.disturb(sender)
    const [number, afterMs] = answer.map(Number)
    const limit = asked[number! - 1]
    return { granted: false, afterMs: afterMs!, name: limit?.name ?? 'health', kind: limit?.kind ?? 'health' }
  }

  async function take(sender: Sender, limits: readonly Limit[], asking: Asking): Promise<Grant | Refusal> {
    if (!asking.bulk && quiet.mayLeave(sender, limits)) {
      const nowMs = clock.nowMs()
      return { granted: true, atMs: nowMs, slotMs: nowMs, lateMs: 0, probe: false }
    }
    for (let repeats = 0; ; repeats++) {
      const reserved = repeats === 0 ? inTime(asking.reserved) : undefined
      if (reserved) await wait(Math.min(msUntil(reserved) - noticeMs, aheadMs), asking.signal)
      const asked = await orUnavailable(ask(sender, limits, { ...asking, reserved }))
      if (!asked.granted) return asked
      clock.heard(asked.atMs)
      const slot = clock.localOf(asked.slotMs)
      await wait(Math.min(slot - localNow(), asked.slotMs - asked.atMs), asking.signal)
      const lateMs = Math.max(localNow() - slot, 0)
      const isLate = asking.bulk && limits.some(paces) && lateMs > maxLateMs
      if (!isLate || repeats === maxRepeats) return { ...asked, lateMs }
    }
  }

  function inTime(reserved: ReservedSlot | undefined): ReservedSlot | undefined {
    return reserved && msUntil(reserved) < -maxLateMs ? undefined : reserved
  }

  /** 0 while nothing is known of Redis's clock: an asker then hears of it. */
  function msUntil({ atMs }: ReservedSlot): number {
    const ms = clock.localOf(atMs) - localNow()
    return Number.isFinite(ms) ? ms : 0
  }

  function tenantOf({ id, tenant }: Sender): string {
    return tenant === undefined ? '' : `:${hash(id, `tenant\0${tenant}`)}`
  }

  /** Budgets are the adapters' own names, of no bot and no user. */
  function budgetOf({ platform }: Sender, { name }: Limit): string {
    return errorsKey(platform, hash('', name))
  }

  return {
    take,

    async reserve(sender, rates, { max, leadMs, horizonMs }) {
      const paced = rates.filter(paces)
      const args = paced.flatMap(({ name, periodMs, count }) => [
        hash(sender.id, name),
        periodMs / count,
        periodMs,
      ])
      const slots = await orUnavailable(
        redis.limitsReserve(
          botBase(sender.id),
          sender.version,
          leadMs,
          horizonMs,
          max,
          noticeMs,
          maxLateMs,
          ...args,
        ),
      )
      const under = paced.map(({ name }) => name)
      return slots.map(slot => ({ atMs: Number(slot), under }))
    },

    async late(sender, limits, { slotMs }, ms) {
      if (ms <= tolerableMs) return
      const names = limits.filter(paces).map(({ name }) => hash(sender.id, name))
      if (names.length > 0)
        await orUnavailable(redis.limitsLate(botBase(sender.id), slotMs, slotMs + ms, tolerableMs, ...names))
    },

    async learn(sender, grant, learned) {
      if (learned.length === 0) return
      const args = learned.flatMap(({ name, bucket, remaining, resetMs }) => {
        const [route, rest] = windowParts(name).map(part => hash(sender.id, part))
        const shared = bucket === undefined ? '' : hash(sender.id, `bucket\0${bucket}`)
        return [route!, rest!, shared, Math.max(Math.floor(remaining), 0), Math.max(resetMs, 0)]
      })
      await orUnavailable(redis.limitsLearn(botBase(sender.id), grant.atMs, ...args))
    },

    async pause(sender, pauses) {
      if (pauses.length === 0) return
      quiet.disturb(sender)
      const args = pauses.flatMap(({ name, ms }) => [hash(sender.id, name), Math.max(ms, 0)])
      await orUnavailable(redis.limitsPause(botBase(sender.id), ...args))
    },

    async charge(sender, limits, names) {
      for (const limit of limits) {
        if (limit.kind !== 'errors' || !names.includes(limit.name)) continue
        await orUnavailable(redis.limitsErrors(budgetOf(sender, limit), limit.max, limit.periodMs, 1))
      }
    },

    async unhealthy(sender, reason) {
      quiet.disturb(sender)
      const args = [sender.version, tenantOf(sender), 'refused', reason, probeMs]
      const [changed, afterMs] = await orUnavailable(redis.limitsHealth(botBase(sender.id), ...args))
      if (changed === 1 && sender.tenant === undefined) {
        await orUnavailable(
          redis.multi().zadd(unhealthyKey, Date.now(), sender.id).pexpire(unhealthyKey, listedMs).exec(),
        )
      }
      return { first: changed === 1, afterMs: Math.max(afterMs, 1) }
    },

    async healthy(sender) {
      const args = [sender.version, tenantOf(sender), 'accepted']
      const [changed] = await orUnavailable(redis.limitsHealth(botBase(sender.id), ...args))
      if (changed === 1 && sender.tenant === undefined)
        await orUnavailable(redis.zrem(unhealthyKey, sender.id))
      return changed === 1
    },
  }
}

function paces(limit: Limit): limit is Extract<Limit, { kind: 'rate' }> {
  return limit.kind === 'rate' && limit.waits
}

/** All wait for the same moment, and nothing paces them after it but this. */
function spread(afterMs: number): number {
  return afterMs + Math.floor(Math.random() * Math.min(afterMs, 10_000))
}

async function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (ms > 0) await delay(Math.ceil(ms), undefined, signal && { signal }).catch(() => undefined)
  signal?.throwIfAborted()
}

async function orUnavailable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    throw new SendLimitsUnavailableError({ cause })
  }
}
