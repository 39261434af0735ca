import { setTimeout as delay } from 'node:timers/promises'
import { createRandom } from '@botyard/testkit'
import { type Percentiles, percentiles } from '../shared/statistics.ts'
import { type Balance, createLedger, type Ledger } from './ledger.ts'
import { messageText } from './message-text.ts'
import type { PlatformRun, SimulatedPlatform } from './platforms/platform.ts'
import { registerBot } from './register-bot.ts'
import type { RunningSystem } from './running-system.ts'
import { createTraffic } from './traffic.ts'

/** What to send, where to. */
export interface TrafficOptions {
  readonly run: RunningSystem
  readonly platform: SimulatedPlatform
  /** Messages a second on average, sent whether or not the system keeps up. */
  readonly rate: number
  readonly seconds: number
  readonly chats: number
  readonly seed: number
  /** How long to wait after the last movement before what is missing counts as lost. */
  readonly patienceSeconds: number
  /** Share of updates (0 … 1) that are delivered twice. */
  readonly duplicateShare: number
}

/** The final books, and how hard the sender itself had to work. */
export interface TrafficReport extends Balance {
  readonly platform: string
  readonly seed: number
  readonly chats: number
  /**
   * Sends that the platform refused because they were too many at once; undefined where it does not count
   * them.
   */
  readonly throttled: number | undefined
  /** Accepted, and not lost: no live worker had the bot's code at the end. */
  readonly waiting: number
  /** For how long messages were sent. */
  readonly sentForSeconds: number
  /** From the last message sent to the last movement. */
  readonly drainedForSeconds: number
  /** Share of one core that this process used while it sent, in percent. */
  readonly senderCpuPercent: number
  /** How late messages were sent: large values mean that the sender, not the system, was the limit. */
  readonly senderLagMs: Percentiles
}

/** Who is told while it runs. */
export interface Listener {
  /** Called about once a second. */
  onProgress(seconds: number, ledger: Ledger): void
  /** Something did not work that the books do not depend on. */
  onWarning(message: string): void
}

/** Settled messages are watched a little longer: a double may come after its original. */
const lateDoublesMs = 1000
const lookEveryMs = 50
/** On top of a platform's own pause, before what is missing counts as lost. */
const spareSeconds = 5

/** Runs the whole simulation with a bot of its own, which it removes; `signal` ends the sending early. */
export async function simulateTraffic(
  options: TrafficOptions,
  listener: Listener,
  signal: AbortSignal,
): Promise<TrafficReport> {
  const random = createRandom(options.seed)
  const ledger = createLedger()
  const platform = await options.platform.start({
    random,
    duplicateShare: options.duplicateShare,
    onAttempt: attempt => ledger.attempted(attempt),
    onReply: (chat, text) => ledger.replied(chat, text, performance.now()),
  })
  try {
    const bot = await registerBot(options.run, options.platform.name, platform.credentials)
    try {
      await platform.connect(bot)
      const startedAtMs = performance.now()
      const tellProgress = () => listener.onProgress((performance.now() - startedAtMs) / 1000, ledger)
      const ticker = setInterval(tellProgress, 1000)
      try {
        const sending = await send(options, platform, ledger, random, signal, listener)
        const drainedForSeconds = await drain(ledger, patienceOf(options, platform) * 1000)
        const { seed, chats } = options
        const balance = ledger.balance()
        const isWaiting = balance.lost > 0 && !(await bot.hasHandler())
        const [lost, waiting] = isWaiting ? [0, balance.lost] : [balance.lost, 0]
        const { throttled } = platform
        const books = { ...balance, lost, waiting, platform: options.platform.name, seed, chats, throttled }
        return { ...books, ...sending, drainedForSeconds }
      } finally {
        clearInterval(ticker)
      }
    } finally {
      // The books are worth more than a tidy end: a system that died meanwhile must not hide them.
      await bot
        .remove()
        .catch(error => listener.onWarning(`The bot ${bot.id} could not be removed: ${error.message}`))
    }
  } finally {
    await platform.close()
  }
}

/** Open loop: every message leaves when it is due, whatever became of the ones before. */
async function send(
  { rate, seconds, chats }: TrafficOptions,
  platform: PlatformRun,
  ledger: Ledger,
  random: () => number,
  signal: AbortSignal,
  listener: Pick<Listener, 'onWarning'>,
) {
  const wanted = Math.round(rate * seconds)
  const arrivals = createTraffic({ rate, seconds, chats, random, allowance: platform.allowance })
  if (arrivals.length < wanted) {
    listener.onWarning(
      `Of ${wanted} messages ${arrivals.length} are sent: to more the platform lets no bot reply in time.`,
    )
  }
  const startedAtMs = performance.now()
  const cpuAtStart = process.cpuUsage()
  const lagMs: number[] = []
  for (const { atMs, chat } of arrivals) {
    let nowMs = performance.now()
    while (nowMs < startedAtMs + atMs && !signal.aborted) {
      // Aborted: the loop sees it.
      await delay(startedAtMs + atMs - nowMs, undefined, { signal }).catch(() => {})
      nowMs = performance.now()
    }
    if (signal.aborted) break
    lagMs.push(nowMs - startedAtMs - atMs)
    const text = messageText(chat, ledger.nextSequence(chat), random, platform.allowance.textBytes)
    const entry = ledger.sent(chat, text, nowMs)
    void platform.send(chat, text).then(status => status === 'accepted' && ledger.accepted(entry))
  }
  const { user, system } = process.cpuUsage(cpuAtStart)
  const tookMs = performance.now() - startedAtMs
  return {
    sentForSeconds: tookMs / 1000,
    senderCpuPercent: (user + system) / 1000 / (tookMs / 100),
    senderLagMs: percentiles(lagMs),
  }
}

/** A chat that is told to wait for a minute has lost nothing. */
function patienceOf({ patienceSeconds }: TrafficOptions, { allowance }: PlatformRun): number {
  const { maxPauseSeconds: pause } = allowance
  return pause === undefined ? patienceSeconds : Math.max(patienceSeconds, pause + spareSeconds)
}

/**
 * Waits until all is settled and no double came for a while, or nothing moved for too long. Answers seconds
 * to the last movement.
 */
async function drain(ledger: Ledger, patienceMs: number): Promise<number> {
  const startedAtMs = performance.now()
  let movedAtMs = startedAtMs
  let moves = ledger.moves
  for (;;) {
    await delay(lookEveryMs)
    const nowMs = performance.now()
    if (ledger.moves !== moves) {
      moves = ledger.moves
      movedAtMs = nowMs
    }
    const waitMs = ledger.settled ? Math.min(lateDoublesMs, patienceMs) : patienceMs
    if (nowMs - movedAtMs >= waitMs) return (movedAtMs - startedAtMs) / 1000
  }
}
