import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ApiResponse, Update, User } from '@grammyjs/types'
import { type BotApiFault, createFaultPlan, errorOf } from './bot-api-fault.ts'
import { type BotApiState, botApiMethods, chatIdOf } from './bot-api-methods.ts'
import { type BotApiParameters, readParameters } from './bot-api-parameters.ts'
import { BotApiError } from './errors.ts'
import { simulatedBot } from './update-builder.ts'
import { UpdateQueue } from './update-queue.ts'

/** One call that reached the simulator with the right token. */
export interface BotApiCall {
  /** Lower case, as `sendmessage`. */
  readonly method: string
  readonly chat: string | undefined
  readonly parameters: BotApiParameters
  /** When it was read, Unix ms. */
  readonly atMs: number
  /** The HTTP status of the answer, or `reset` or `silent` when there was none. */
  readonly outcome: number | 'reset' | 'silent'
  /** Whether the method took effect: a message that its chat shows. */
  readonly done: boolean
}

/** A message that its chat shows. */
export interface SentMessage {
  readonly chat: string
  readonly text: string
  readonly messageId: number
  readonly atMs: number
}

/** A running stand-in for Telegram's Bot API, of one bot. */
export interface SimulatedBotApi {
  /** What a client takes as `apiRoot`. */
  readonly url: string
  readonly token: string
  /** All calls in the order they were read. */
  readonly calls: readonly BotApiCall[]
  /** All messages sent, in order. */
  readonly sent: readonly SentMessage[]
  /** The texts that a chat shows, in order. */
  textsOf(chat: number | string): string[]
  /** Settles when that many messages have been sent. */
  whenSent(count: number): Promise<void>
  /** Lets an update wait for getUpdates. */
  queue(update: Update): void
  /** Updates that no offset has confirmed yet. */
  readonly unconfirmed: readonly Update[]
  /** Lets the next `times` (1) calls for a chat, or for any, go wrong. */
  fault(chat: number | string | 'any', fault: BotApiFault, times?: number): void
  clearFaults(): void
  close(): Promise<void>
}

/** How the simulator is set up. */
export interface BotApiOptions {
  token?: string
  bot?: User
  /** Called for every message sent. */
  onSent?: (message: SentMessage) => void
  /** Keep `calls` and `sent` (true); long runs of load count by `onSent` instead. */
  record?: boolean
}

/** Starts the Bot API on a free port of 127.0.0.1. */
export async function startBotApi(options: BotApiOptions = {}): Promise<SimulatedBotApi> {
  const {
    token = '7100000001:AAH-simulated_token_for_tests_only0',
    bot = simulatedBot,
    onSent,
    record = true,
  } = options
  const state: BotApiState = { bot, messageIds: new Map(), webhook: undefined }
  const faults = createFaultPlan()
  const updates = new UpdateQueue()
  const calls: BotApiCall[] = []
  const sent: SentMessage[] = []
  const waiters = new Set<{ count: number; resolve: () => void }>()
  let sentCount = 0

  const noteSent = (message: SentMessage) => {
    sentCount++
    if (record) sent.push(message)
    onSent?.(message)
    for (const waiter of waiters) {
      if (sentCount < waiter.count) continue
      waiters.delete(waiter)
      waiter.resolve()
    }
  }

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const [, givenToken, name = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(pathname) ?? []
    if (givenToken === undefined) return answer(response, new BotApiError(404, 'Not Found').answer)
    if (givenToken !== token) return answer(response, new BotApiError(401, 'Unauthorized').answer)
    const parameters = await readParameters(request, searchParams).catch(() => undefined)
    if (parameters === undefined) {
      return answer(response, new BotApiError(400, "Bad Request: can't parse the request's body").answer)
    }

    const method = name.toLowerCase()
    const chat = chatIdOf(parameters)
    const fault = method === 'sendmessage' ? faults.take(chat) : undefined
    const atMs = Date.now()
    const withoutEffect =
      fault !== undefined && (errorOf(fault) !== undefined || ('sent' in fault && fault.sent === false))
    const result = withoutEffect
      ? (errorOf(fault)?.answer ?? { ok: true, result: true })
      : await run(method, parameters, state, updates)
    const done = result.ok && !withoutEffect
    const outcome =
      fault?.kind === 'reset' || fault?.kind === 'silent' ? fault.kind : result.ok ? 200 : result.error_code
    if (record) calls.push({ method, chat, parameters, atMs, outcome, done })
    if (done && method === 'sendmessage') {
      const { message_id: messageId, text } = result.result as { message_id: number; text: string }
      noteSent({ chat: chat!, text, messageId, atMs })
    }

    if (fault?.kind === 'silent') return
    if (fault?.kind === 'reset') return void request.socket.resetAndDestroy()
    if (fault?.kind === 'slow') await fault.until
    answer(response, result)
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy()) // The client left while we read.
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    calls,
    sent,
    textsOf: chat => sent.filter(message => message.chat === String(chat)).map(message => message.text),
    whenSent: count =>
      new Promise(resolve => {
        if (sentCount >= count) resolve()
        else waiters.add({ count, resolve })
      }),
    queue: update => updates.add(update),
    get unconfirmed() {
      return updates.pending
    },
    fault: (chat, fault, times) => faults.add(chat, fault, times),
    clearFaults: () => faults.clear(),
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function run(
  method: string,
  parameters: BotApiParameters,
  state: BotApiState,
  updates: UpdateQueue,
): Promise<ApiResponse<unknown>> {
  try {
    if (method === 'getupdates') return { ok: true, result: await updates.fetch(parameters) }
    const known = Object.hasOwn(botApiMethods, method) ? botApiMethods[method] : undefined
    if (known === undefined) throw new BotApiError(404, 'Not Found: method not found')
    return { ok: true, result: known(parameters, state) }
  } catch (error) {
    if (error instanceof BotApiError) return error.answer
    throw error
  }
}

function answer(response: ServerResponse, body: ApiResponse<unknown>): void {
  const bytes = Buffer.from(JSON.stringify(body))
  const retryAfter = body.ok ? undefined : body.parameters?.retry_after
  response.writeHead(body.ok ? 200 : body.error_code, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
  })
  response.end(bytes)
}
