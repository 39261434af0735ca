import { setTimeout as delay } from 'node:timers/promises'
import { startBotApi } from '../../shared/bot-api.ts'
import { quantile } from '../../shared/statistics.ts'
import { waitWhileItMoves } from '../../shared/wait.ts'
import { type CpuMicros, cpuBetween, cpuOf, type Pids } from '../systems/process-cpu.ts'
import { type Drive, driveLoad, type Load } from './drive-load.ts'
import { createReplyBook, type Replies, type ReplyBook, type Window } from './reply-book.ts'
import { chatId, updateNamedIn } from './request-template.ts'

/** What the generator process is told to do. */
export interface LoadOrder extends Load {
  /** Default: replies are not waited for, and all of the run is measured. */
  readonly replies?: ReplyOrder
}

/**
 * Replies are measured while the load is steady: in a window that opens after a while, and closes with the
 * load.
 */
export interface ReplyOrder {
  /** Updates that may be under way, from the webhook's call until the reply arrives. */
  readonly maxUnderWay: number
  readonly leadSeconds: number
  /** The processes whose processor time in the window is told. */
  readonly pids: Pids
}

/** What it sends back. */
export interface LoadResult {
  /** When all connections were open and the first request went out, Unix ms. */
  readonly startedAtMs: number
  readonly accepted: number
  /**
   * Requests answered with anything but 200, by status; `broken` counts connections that ended without an
   * answer.
   */
  readonly refused: Readonly<Record<string, number>>
  /** Of the requests sent in the window. */
  readonly ackP50Ms: number
  readonly ackP99Ms: number
  /** Of the generator itself. */
  readonly cpuMicros: number
  readonly replies: (Replies & Measured) | undefined
}

/** What it sends to its parent. */
export type Told = { apiRoot: string } | { underWay: number } | { result: LoadResult }

interface Measured {
  readonly window: Window
  /** What each process used in the window. */
  readonly cpuMicros: CpuMicros
}

/** Nothing was answered for so long: the rest is lost. */
const patienceMs = 60_000

/*
 * The load generator and the Bot API that replies go to, in a process of its own. It shares the cores with
 * what it measures, so it patches prebuilt requests and reads no more of an answer than it must.
 */
let sequence = 0
let book: ReplyBook | undefined
let drive: Drive | undefined

const api = await startBotApi(({ chat, text, atMs }) => {
  book?.arrived(updateNamedIn(text), chat, atMs)
  drive?.goOn()
  return undefined
})
process.on('message', (asked: { order: LoadOrder } | 'underWay') => {
  if (asked === 'underWay') tell({ underWay: book?.underWay ?? 0 })
  else void run(asked.order).then(result => tell({ result }))
})
process.once('disconnect', () => process.exit())
tell({ apiRoot: api.url })

function tell(what: Told): void {
  process.send!(what)
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const latencies: number[] = []
  const statuses: Record<string, number> = {}
  const { leadSeconds = 0, maxUnderWay = Number.POSITIVE_INFINITY } = order.replies ?? {}
  const replies = order.replies && createReplyBook()
  let cpuBefore = process.cpuUsage()
  let startedAt = 0
  let measuring: Promise<Measured> | undefined
  book = replies
  drive = driveLoad(order, {
    next(chat, now) {
      if (replies !== undefined && replies.underWay >= maxUnderWay) return undefined
      replies?.sent(sequence, chatId(chat), now)
      return sequence++
    },
    onStart(now) {
      startedAt = now
      cpuBefore = process.cpuUsage()
      measuring = replies && measureWindow(order.seconds, order.replies!)
    },
    onOutcome({ sequence: update, status, sentAtMs }, now) {
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status === 200 && sentAtMs >= startedAt + leadSeconds * 1000) latencies.push(now - sentAtMs)
      if (status !== 200 && update !== undefined) replies?.refused(update)
    },
  })
  await drive.ended
  const cpu = process.cpuUsage(cpuBefore)
  const measured = await measuring
  if (replies) {
    const isDone = (underWay: number) => underWay === 0
    await waitWhileItMoves(() => replies.underWay, { isDone, patienceMs })
  }
  const by = order.perSecond === undefined ? 'arrived' : 'sent'
  book = undefined
  drive = undefined
  const { 200: accepted = 0, ...refused } = statuses
  latencies.sort((a, b) => a - b)
  return {
    startedAtMs: performance.timeOrigin + startedAt,
    accepted,
    refused,
    ackP50Ms: quantile(latencies, 0.5),
    ackP99Ms: quantile(latencies, 0.99),
    cpuMicros: cpu.user + cpu.system,
    replies: replies && measured ? { ...replies.sumUp(measured.window, by), ...measured } : undefined,
  }
}

async function measureWindow(seconds: number, { leadSeconds, pids }: ReplyOrder): Promise<Measured> {
  await delay(leadSeconds * 1000)
  const before = cpuOf(pids)
  const fromMs = performance.now()
  await delay((seconds - leadSeconds) * 1000)
  const cpuMicros = cpuBetween(before, cpuOf(pids))
  return { window: { fromMs, toMs: performance.now() }, cpuMicros }
}
