import { connect, type Socket } from 'node:net'
import { quantile } from '../../shared/statistics.ts'
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
  /** When all connections were open and the first request went out, Unix ms. */
  readonly startedAtMs: number
  readonly accepted: number
  /** Requests answered with anything but 200, by status; `broken` counts connections that ended without an answer. */
  readonly refused: Readonly<Record<string, number>>
  readonly ackP50Ms: number
  readonly ackP99Ms: number
  readonly cpuMicros: number
}

/*
 * The load generator, in a process of its own: K connections, each with one request under way: the next follows the answer, or
 * its time if a rate is given. It shares the cores with what it measures, so it patches prebuilt requests and reads no more of an
 * answer than it must.
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
  const latencies: number[] = []
  const statuses: Record<string, number> = {}
  const conversations = Array.from({ length: plan.connections }, () => converse(latencies, statuses))
  await Promise.all(conversations.map(conversation => conversation.opened))

  const cpuBefore = process.cpuUsage()
  const startAt = performance.now()
  const deadline = startAt + seconds * 1000
  // The connections take turns.
  const firstAt = (connection: number) => startAt + (connection * 1000) / (plan.perSecond ?? Number.POSITIVE_INFINITY)
  for (const [n, { begin }] of conversations.entries()) begin(firstAt(n), deadline)
  await Promise.all(conversations.map(conversation => conversation.ended))
  const cpu = process.cpuUsage(cpuBefore)
  const { 200: accepted = 0, ...refused } = statuses
  latencies.sort((a, b) => a - b)
  return {
    startedAtMs: performance.timeOrigin + startAt,
    accepted,
    refused,
    ackP50Ms: quantile(latencies, 0.5),
    ackP99Ms: quantile(latencies, 0.99),
    cpuMicros: cpu.user + cpu.system,
  }
}

/**
 * One connection's part of a run: once begun, a request whenever the last one is answered, and not before its time, until the
 * deadline. `opened` resolves also when it could not be opened.
 */
function converse(latencies: number[], statuses: Record<string, number>) {
  const pauseMs = plan.perSecond === undefined ? 0 : (plan.connections * 1000) / plan.perSecond
  const request = createRequest(plan)
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  let sentAt = 0
  let dueAt = 0
  let deadline = 0
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
  socket.once('connect', open)
  socket.on('error', () => {}) // 'close' follows and counts it.
  socket.once('close', () => {
    if (!done) statuses.broken = (statuses.broken ?? 0) + 1
    open()
    end()
  })

  function begin(firstAt: number, until: number): void {
    dueAt = firstAt
    deadline = until
    sendWhenDue(performance.now())
  }

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
  return { opened, ended, begin }
}
