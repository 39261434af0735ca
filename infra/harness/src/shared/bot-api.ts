import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A message that a bot sent. */
export interface Arrival {
  /** The number that the bot's token begins with. */
  readonly bot: string
  readonly chat: string
  readonly text: string
  /** `performance.now()`. */
  readonly atMs: number
}

/** Why a message is refused, as Telegram answers it. */
export interface Refusal {
  readonly status: number
  readonly description: string
  readonly parameters?: { readonly retry_after: number }
}

/** Telegram's Bot API for any number of bots, as far as a bot needs it that only sends text. */
export interface BotApi {
  /** What a bot's `apiRoot` is set to. */
  readonly url: string
  close(): Promise<void>
}

/**
 * Starts it on loopback. `onArrival` is told of every message and may refuse it. The simulated platforms know far more of Telegram;
 * this one costs little, so that thousands of messages a second can be timed beside it.
 */
export async function startBotApi(onArrival: (arrival: Arrival) => Refusal | undefined): Promise<BotApi> {
  const server = createServer(async (request, response) => {
    const { chat_id, text } = await readJson(request)
    const bot = /^\/bot(\d+):/.exec(request.url ?? '')?.[1] ?? ''
    const refusal = onArrival({ bot, chat: String(chat_id), text, atMs: performance.now() })
    const { status = 200, ...facts } = refusal ?? {}
    const body = refusal
      ? { ok: false, error_code: status, ...facts }
      : { ok: true, result: { message_id: 1 } }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function readJson(request: IncomingMessage): Promise<{ chat_id: number | string; text: string }> {
  return JSON.parse(Buffer.concat(await request.toArray()).toString())
}
