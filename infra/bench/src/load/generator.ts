import { connect, type Socket } from 'node:net'
import { quantile } from '../statistics.ts'
import { createChatSequence, type Shape } from './chat-sequence.ts'
import { createRequest, type LoadTarget } from './request-template.ts'
import { createResponseParser } from './response-parser.ts'

/** What the generator process is started with: its one argument, as JSON. */
export interface LoadPlan extends LoadTarget {
  readonly connections: number
  readonly chats: number
  readonly shape: Shape
  /** Requests a second over all connections; default as many as are answered. */
  readonly perSecond?: number
}

/** What it sends back after each run it was told to make (`{ seconds }`). */
export interface LoadResult {
  readonly accepted: number
  /** Requests answered with anything but 200, by status; `broken` counts connections that ended without an answer. */
  readonly refused: Readonly<Record<string, number>>
  readonly ackP50Ms: number
  readonly ackP99Ms: number
  readonly cpuMicros: number
}

/*
 * The load generator, in a process of its own: K connections, each with one request under way: the next follows the answer, or
 * its time if a rate is given. It shares
 * the cores with what it measures, so it patches prebuilt requests and reads no more of an answer than it must.
 */
const plan = JSON.parse(process.argv[2]!) as LoadPlan
const nextChat = createChatSequence(plan.shape, plan.chats)
let sequence = 0

process.on('message', (order: { seconds: number }) => {
  void run(order.seconds).then(result => process.send!(result, stopIfAlone))
})

/** The benchmark was stopped in the middle of a run: nobody is left to tell. */
function stopIfAlone(error: Error | null): void {
  if (error !== null) process.exit()
}

async function run(seconds: number): Promise<LoadResult> {
  const cpuBefore = process.cpuUsage()
  const deadline = performance.now() + seconds * 1000
  const latencies: number[] = []
  const statuses: Record<string, number> = {}
  const startAt = performance.now()
  // The connections take turns.
  const firstAt = (connection: number) => startAt + (connection * 1000) / (plan.perSecond ?? Number.POSITIVE_INFINITY)
  await Promise.all(
    Array.from({ length: plan.connections }, (_, n) => converse(firstAt(n), deadline, latencies, statuses)),
  )
  const cpu = process.cpuUsage(cpuBefore)
  const { 200: accepted = 0, ...refused } = statuses
  latencies.sort((a, b) => a - b)
  return {
    accepted,
    refused,
    ackP50Ms: quantile(latencies, 0.5),
    ackP99Ms: quantile(latencies, 0.99),
    cpuMicros: cpu.user + cpu.system,
  }
}

/** One connection's part of a run, until the deadline: a request once the last one is answered, and not before its time. */
function converse(
  firstAt: number,
  deadline: number,
  latencies: number[],
  statuses: Record<string, number>,
): Promise<void> {
  const pauseMs = plan.perSecond === undefined ? 0 : (plan.connections * 1000) / plan.perSecond
  const request = createRequest(plan)
  const { promise, resolve } = Promise.withResolvers<void>()
  let sentAt = 0
  let dueAt = firstAt
  let done = false

  const parse = createResponseParser(status => {
    const now = performance.now()
    latencies.push(now - sentAt)
    statuses[status] = (statuses[status] ?? 0) + 1
    sendWhenDue(now)
  })
  const socket: Socket = connect({
    host: '127.0.0.1',
    port: plan.port,
    noDelay: true,
    // Read into one buffer for good, past the stream machinery.
    onread: {
      buffer: Buffer.allocUnsafe(16_384),
      callback(length, buffer) {
        parse((buffer as Buffer).subarray(0, length))
        return true
      },
    },
  })
  socket.once('connect', () => sendWhenDue(performance.now()))
  socket.on('error', () => {}) // 'close' follows and counts it.
  socket.once('close', () => {
    if (!done) statuses.broken = (statuses.broken ?? 0) + 1
    resolve()
  })

  function sendWhenDue(now: number): void {
    if (Math.max(now, dueAt) >= deadline) {
      done = true
      socket.destroy()
    } else if (dueAt <= now) send(now)
    else setTimeout(() => send(performance.now()), dueAt - now)
  }

  function send(now: number): void {
    sentAt = now
    dueAt += pauseMs
    request.patch(sequence++, nextChat())
    socket.write(request.bytes)
  }
  return promise
}
