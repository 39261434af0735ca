import { Worker } from 'node:worker_threads'
import type { Bot } from '@botyard/control-database'
import { InvalidUpdateError, type WebhookRequest } from '@botyard/platforms'
import type { KeySet } from '@botyard/service-kit'
import type { Logger } from 'pino'
import type { AcceptOutcome } from '../call.ts'
import type { CallWaiter, WaitingCall } from '../call-waiter.ts'
import { KeysUnavailableError, StoreUnavailableError } from '../errors.ts'
import type { GatewayMetrics } from '../metrics.ts'
import { type BodyMemory, createBodyMemory, type PagedBody } from './body-memory.ts'
import type { FromThread, LargeThreadOptions, MetricCall, ThreadError, ToThread } from './messages.ts'
import { largeCallName } from './messages.ts'

/**
 * Bodies of this size or more are checked, read, compressed, sealed and stored by a thread. Measured: up to
 * here a body holds the event loop up for less than 2 ms, and handing it over takes 0.2; one of 24 MiB would
 * for 250 ms.
 */
export const largeBytes = 128 * 1024

/** What large calls need. */
export interface LargeCallsOptions {
  readonly thread: Omit<LargeThreadOptions, 'channel' | 'memory'>
  /** Of bodies that are being read, or wait for the thread. */
  readonly maxBytes: number
  /** The keys that count when the thread starts. */
  readonly keys: () => KeySet
  readonly waiter: Pick<CallWaiter, 'wait' | 'channel'>
  readonly logger: Logger
}

/** Takes large calls beside the event loop. */
export interface LargeCalls {
  /**
   * Starts the thread, so that the first large call need not wait for it; resolves when it has loaded, or
   * went down.
   */
  start(): Promise<void>
  /** Where large bodies are read into. */
  readonly memory: BodyMemory
  /** As `AcceptUpdate`; releases the body. */
  accept(
    bot: Bot,
    request: Omit<WebhookRequest, 'body'>,
    body: PagedBody,
    metrics: GatewayMetrics,
  ): Promise<AcceptOutcome>
  /** From now on the thread seals and opens with these keys. */
  replaceKeys(keys: KeySet): void
  /** Waits for what is under way. */
  close(): Promise<void>
}

interface Pending {
  readonly body: PagedBody
  readonly resolve: (outcome: AcceptOutcome) => void
  readonly reject: (error: Error) => void
  readonly metrics: GatewayMetrics
  waiting?: WaitingCall
}

/** JavaScript memory of the thread, MiB: 26 MiB of JSON become some hundred of objects. */
const maxHeapMb = 1024

/** One thread; if it goes down, the next large call starts another. */
export function createLargeCalls({ thread, maxBytes, keys, waiter, logger }: LargeCallsOptions): LargeCalls {
  const memory = createBodyMemory(maxBytes)
  const pending = new Map<number, Pending>()
  let lastId = 0
  let running: Worker | undefined

  function open(): Worker {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: {
        options: { ...thread, channel: waiter.channel, memory: memory.shared } satisfies LargeThreadOptions,
        keys: keys(),
      },
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    })
    // Never throws: what comes is the thread's own.
    worker.on('message', (message: FromThread) => hear(worker, message))
    worker.on('error', err => logger.error({ err }, 'the thread of large calls went down'))
    // Never throws: it gives back what its calls hold.
    worker.on('exit', () => {
      if (running === worker) running = undefined
      for (const [id, { body, reject }] of pending) {
        pending.delete(id)
        body.release()
        reject(new StoreUnavailableError())
      }
    })
    return worker
  }

  function hear(worker: Worker, message: FromThread): void {
    if (message.tell === 'loaded') return
    if (message.tell === 'log') {
      relog(message.line)
      return
    }
    const call = pending.get(message.id)
    if (!call) return
    if (message.tell === 'joined') {
      call.body.release()
      return
    }
    if (message.tell === 'wait') {
      const { id, update, ms } = message
      call.waiting = waiter.wait(Buffer.from(update), ms, largeCallName(id))
      // Never rejects: a wait ends with an answer or none.
      void call.waiting.answer.then(json => worker.postMessage({ do: 'answer', id, json } satisfies ToThread))
      return
    }
    if (message.tell === 'expect-none') {
      call.waiting?.cancel()
      return
    }
    pending.delete(message.id)
    call.waiting?.cancel()
    for (const metric of message.metrics) countAs(call.metrics, metric)
    if (message.tell === 'outcome') call.resolve(message.outcome)
    else call.reject(putTogether(message.error))
  }

  function relog(line: string): void {
    const {
      level,
      msg,
      name: _name,
      time: _time,
      pid: _pid,
      hostname: _hostname,
      ...fields
    } = JSON.parse(line)
    logger[level as 'info'](fields, msg)
  }

  return {
    memory,
    async start() {
      running ??= open()
      const worker = running
      await new Promise(resolve => worker.once('message', resolve).once('exit', resolve))
    },
    accept(bot, request, body, metrics) {
      const id = ++lastId
      running ??= open()
      const worker = running
      const { method, url, headers, receivedAtMs, trace } = request
      const { pages, length } = body
      const plain = { method, url, headers, receivedAtMs, ...(trace !== undefined && { trace }) }
      const call = { id, bot, request: plain, body: { pages, length } }
      return new Promise((resolve, reject) => {
        pending.set(id, { body, resolve, reject, metrics })
        worker.postMessage({ do: 'accept', call } satisfies ToThread)
      })
    },
    replaceKeys(next) {
      running?.postMessage({ do: 'replace-keys', keys: next } satisfies ToThread)
    },
    async close() {
      const worker = running
      if (!worker) return
      const ended = new Promise(resolve => worker.once('exit', resolve))
      worker.postMessage({ do: 'close' } satisfies ToThread)
      await ended
    },
  }
}

function countAs(metrics: GatewayMetrics, [name, ...args]: MetricCall): void {
  ;(metrics[name] as (...args: unknown[]) => void)(...args)
}

function putTogether({ code, message, path, stack }: ThreadError): Error {
  if (code === InvalidUpdateError.codes.json) return new InvalidUpdateError('json', message, path)
  if (code === InvalidUpdateError.codes.shape) return new InvalidUpdateError('shape', message, path)
  if (code === 'GTW_STORE_UNAVAILABLE') return new StoreUnavailableError()
  if (code === 'GTW_KEYS_UNAVAILABLE') return new KeysUnavailableError()
  return Object.assign(new Error(message), { code, stack })
}
