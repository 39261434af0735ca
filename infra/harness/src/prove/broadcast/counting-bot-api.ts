import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A message as it arrived. */
export interface Arrival {
  /** The part of the token that names the bot. */
  readonly bot: string
  readonly chat: string
  readonly text: string
  /** `performance.now()`. */
  readonly atMs: number
}

/** A Bot API that counts as Telegram does: in no second more than `perSecond` messages of one bot, 429 beyond. */
export interface CountingBotApi {
  readonly url: string
  /** Calls answered with 429. */
  readonly refused: number
  /** The most messages of any bot that arrived within one second. */
  readonly most: number
  close(): Promise<void>
}

/** Starts it on loopback; `onArrival` is told of every message that it takes. */
export async function startCountingBotApi(
  perSecond: number,
  onArrival: (arrival: Arrival) => void,
): Promise<CountingBotApi> {
  const windows = new Map<string, SlidingSecond>()
  let refused = 0
  let most = 0

  const server = createServer(async (request, response) => {
    const { chat_id, text } = await readJson(request)
    const atMs = performance.now()
    const bot = /^\/bot(\d+):/.exec(request.url ?? '')?.[1] ?? ''
    const window = windows.get(bot) ?? new SlidingSecond()
    windows.set(bot, window)
    const within = window.countAt(atMs)
    most = Math.max(most, within + 1)
    if (within >= perSecond) {
      refused++
      return answer(response, 429, { ok: false, error_code: 429, description: 'no', parameters: { retry_after: 1 } })
    }
    window.add(atMs)
    onArrival({ bot, chat: String(chat_id), text, atMs })
    answer(response, 200, { ok: true, result: { message_id: 1 } })
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get refused() {
      return refused
    },
    get most() {
      return most
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** The times of what was counted in the last second. */
class SlidingSecond {
  readonly #times: number[] = []
  #from = 0

  countAt(nowMs: number): number {
    while (this.#from < this.#times.length && this.#times[this.#from]! <= nowMs - 1000) this.#from++
    if (this.#from > 10_000) {
      this.#times.splice(0, this.#from)
      this.#from = 0
    }
    return this.#times.length - this.#from
  }

  add(nowMs: number): void {
    this.#times.push(nowMs)
  }
}

async function readJson(request: IncomingMessage): Promise<{ chat_id: number | string; text: string }> {
  return JSON.parse(Buffer.concat(await request.toArray()).toString())
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
