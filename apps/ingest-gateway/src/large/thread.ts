// The thread of large calls: the gateway's main path, on keys and connections of its own.
import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type { Bot } from '@botyard/control-database'
import { createMailboxWriter } from '@botyard/mailbox'
import { adapters, InvalidUpdateError, type WebhookRequest } from '@botyard/platforms'
import {
  createKeyring,
  createLogger,
  createNaming,
  createRedis,
  createTargetGuard,
  type KeySet,
} from '@botyard/service-kit'
import { type AcceptDeps, acceptCalls } from '../accept-update.ts'
import type { AcceptOutcome } from '../call.ts'
import type { WaitingCall } from '../call-waiter.ts'
import type { GatewayMetrics } from '../metrics.ts'
import { createNoteUnclassified } from '../note-unclassified.ts'
import { joinPages } from './body-memory.ts'
import { freeBytes } from './free-bytes.ts'
import type {
  FromThread,
  LargeCall,
  LargeThreadOptions,
  MetricCall,
  ThreadError,
  ToThread,
} from './messages.ts'
import { largeCallName } from './messages.ts'

const { options, keys } = workerData as { options: LargeThreadOptions; keys: KeySet }
const port = parentPort!
const tell = (message: FromThread) => port.postMessage(message)

const name = 'ingest-gateway'
const logger = createLogger({
  name,
  level: options.logLevel,
  destination: { write: line => tell({ tell: 'log', line }) },
})
const redis = createRedis({ url: options.redisUrl, logger, name, role: 'bulk' })
const { partitions, replicas, timeoutMs } = options
const mailbox = createMailboxWriter({ redis, partitions, replicas, maxWaitMs: timeoutMs })
const keyring = createKeyring(keys)
const targets = createTargetGuard({ allow: options.allowPrivateTargets })
const naming = createNaming(Buffer.from(options.namingKey, 'base64'))
const answers = new Map<number, (json: string | undefined) => void>()

/** What all calls share; each adds its own metrics and its own way to wait. */
const shared = {
  ...{ naming, keyring, logger, mailbox, dispatcher: targets.dispatcher },
  ...{ userLimit: options.userLimit, maxBacklog: options.maxBacklog, timeoutMs },
  noteUnclassified: createNoteUnclassified(logger),
  partitions: options.partitions,
}

leaveProcessorToEventLoop()
// Never throws: the event loop has checked what it hands over.
port.on('message', (message: ToThread) => {
  // Never rejects: an error is its answer.
  if (message.do === 'accept') void accept(message.call)
  else if (message.do === 'answer') answers.get(message.id)?.(message.json)
  else if (message.do === 'replace-keys') keyring.replace(message.keys)
  else void close().catch(() => port.close())
})

tell({ tell: 'loaded' })

async function accept({ id, bot, request, body: pages }: LargeCall): Promise<void> {
  const metrics: MetricCall[] = []
  let body: Buffer | undefined
  try {
    body = joinPages(options.memory, pages)
    tell({ tell: 'joined', id })
    // A thread that went down was started anew by this call, and its connection with it.
    if (redis.status !== 'ready') await comesUp()
    const outcome = await acceptAlone(
      bot,
      { ...request, body },
      {
        ...shared,
        metrics: collectedIn(metrics),
        callWaiter: { wait: (update, ms) => waitAtEventLoop(id, update, ms) },
      },
    )
    tell({ tell: 'outcome', id, outcome, metrics })
  } catch (error) {
    tell({ tell: 'error', id, error: takeApart(error), metrics })
  } finally {
    answers.delete(id)
    if (body) freeBytes(body)
  }
}

/** A large call is a batch of its own. */
function acceptAlone(bot: Bot, request: WebhookRequest, deps: AcceptDeps): Promise<AcceptOutcome> {
  const adapter = adapters[bot.platform]
  return new Promise((resolve, reject) => {
    acceptCalls([{ bot, adapter, request, source: 'webhook', resolve, reject }], deps)
  })
}

/**
 * The event loop listens for what handlers answer; it hears of this long before the update is stored and
 * handled.
 */
function waitAtEventLoop(id: number, update: Buffer, ms: number): WaitingCall {
  const { promise: answer, resolve } = Promise.withResolvers<string | undefined>()
  answers.set(id, resolve)
  tell({ tell: 'wait', id, update, ms })
  const respond = { channel: options.channel, id: largeCallName(id), byMs: Date.now() + ms }
  return { respond, answer, cancel: () => tell({ tell: 'expect-none', id }) }
}

/** Resolves when Redis is there, or late enough for the call to be refused. */
function comesUp(): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, timeoutMs)
    redis.once('ready', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

async function close(): Promise<void> {
  await mailbox.close()
  redis.disconnect()
  await targets.dispatcher.close()
  port.close()
}

/** Metrics are the event loop's: what is counted here goes there with the outcome. */
function collectedIn(metrics: MetricCall[]): GatewayMetrics {
  const note = (...call: MetricCall) => void metrics.push(call)
  return {
    received: (...args) => note('received', ...args),
    unclassified: (...args) => note('unclassified', ...args),
    acknowledged: (...args) => note('acknowledged', ...args),
    refused: (...args) => note('refused', ...args),
    connectionRefused: (...args) => note('connectionRefused', ...args),
    polled: (...args) => note('polled', ...args),
    heard: (...args) => note('heard', ...args),
    ended: (...args) => note('ended', ...args),
  }
}

function takeApart(thrown: unknown): ThreadError {
  const { code, message, stack } = thrown as NodeJS.ErrnoException
  const path = thrown instanceof InvalidUpdateError ? thrown.path : undefined
  return { code, message, path, stack }
}

/** On Linux niceness is a thread's, elsewhere the process's: there the thread stays as it is. */
function leaveProcessorToEventLoop(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), 5)
  } catch (err) {
    logger.debug({ err }, 'the thread of large calls has the priority of the event loop')
  }
}
