import { setTimeout as delay } from 'node:timers/promises'
import { startBotApi } from '../../shared/bot-api.ts'
import { quantile } from '../../shared/statistics.ts'
import { waitWhileItMoves } from '../../shared/wait.ts'
import { type CpuMicros, cpuBetween, cpuOf, type Pids } from '../systems/process-cpu.ts'
import { type Drive, driveLoad, type Load } from './drive-load.ts'
import { createReplyBook, type Replies, type ReplyBook } from './reply-book.ts'
import { chatId, updateNamedIn } from './request-template.ts'

/** What the generator process is told to do. */
export interface LoadOrder extends Load {
  /** Default: replies are not waited for, and all of the run is measured. */
  readonly replies?: ReplyOrder
}

/** Replies are measured while the load is steady: in a window that opens after a while, and closes when the load ends. */
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
  /** Requests answered with anything but 200, by status; `broken` counts connections that ended without an answer. */
  readonly refused: Readonly<Record<string, number>>
  /** Of the requests sent in the window. */
  readonly ackP50Ms: number
  readonly ackP99Ms: number
  /** Of the generator itself. */
  readonly cpuMicros: number
  readonly replies?: MeasuredReplies
}

export interface MeasuredReplies extends Replies {
  readonly windowMs: number
  /** What each process used in the window. */
  readonly cpuMicros: CpuMicros
}

const PATIENCE_MS = 20_000

/*
 * The load generator and the Bot API that replies go to, in a process of its own. It shares the cores with what it measures, so it
 * patches prebuilt requests and reads no more of an answer than it must.
 */
let sequence = 0
let book: ReplyBook | undefined
let drive: Drive | undefined

const api = await startBotApi(({ chat, text, atMs }) => {
  book?.arrived(updateNamedIn(text), chat, atMs)
  drive?.goOn()
  return undefined
})
process.on('message', (order: LoadOrder) => {
  void run(order).then(result => process.send!(result, stopIfAlone))
})
process.once('disconnect', () => api.close())
process.send!({ apiRoot: api.url }, stopIfAlone)

/** The benchmark was stopped in the middle of a run: nobody is left to tell. */
function stopIfAlone(error: Error | null): void {
  if (error !== null) process.exit()
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const latencies: number[] = []
  const statuses: Record<string, number> = {}
  const { leadSeconds = 0, maxUnderWay = Number.POSITIVE_INFINITY } = order.replies ?? {}
  const replies = order.replies && createReplyBook()
  let cpuBefore = process.cpuUsage()
  let startedAt = 0
  let measuring: Promise<Pick<MeasuredReplies, 'windowMs' | 'cpuMicros'>> | undefined
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
      measuring = replies && measureWindow(replies, order.seconds, order.replies!)
    },
    onOutcome({ sequence: update, status, sentAtMs }, now) {
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status === 200 && sentAtMs >= startedAt + leadSeconds * 1000) latencies.push(now - sentAtMs)
      if (status !== 200 && update !== undefined) replies?.refused(update)
    },
  })
  await drive.ended
  const cpu = process.cpuUsage(cpuBefore)
  const window = await measuring
  if (replies) {
    const isDone = (underWay: number) => underWay === 0
    await waitWhileItMoves(() => replies.underWay, { isDone, patienceMs: PATIENCE_MS })
  }
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
    ...(replies && window && { replies: { ...replies.sumUp(), ...window } }),
  }
}

async function measureWindow(replies: ReplyBook, seconds: number, { leadSeconds, pids }: ReplyOrder) {
  await delay(leadSeconds * 1000)
  const before = cpuOf(pids)
  const openedAt = performance.now()
  replies.beginToCount()
  await delay((seconds - leadSeconds) * 1000)
  const cpuMicros = cpuBetween(before, cpuOf(pids))
  replies.stopCounting()
  return { windowMs: performance.now() - openedAt, cpuMicros }
}
