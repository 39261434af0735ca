import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createMessageReader } from './http-messages.ts'

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

/**
 * Telegram's Bot API for any number of bots, as far as a bot needs it that only sends text and asks who it
 * is.
 */
export interface BotApi {
  /** What a bot's `apiRoot` is set to. */
  readonly url: string
  close(): Promise<void>
}

/** Above the numbers of people, whom a bot would take for itself otherwise. */
const FirstBot = 10 ** 12
const bodyless = /^GET /

/**
 * Starts it, on loopback unless told. `onArrival` is told of every message and may refuse it. The simulated
 * platforms know far more of Telegram; this one costs little, so that thousands of messages a second can be
 * timed beside it: with a load generator in the same process 194 µs an update, 279 on node:http (a busy
 * machine).
 */
export async function startBotApi(
  onArrival: (arrival: Arrival) => Refusal | undefined,
  host = '127.0.0.1',
): Promise<BotApi> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => {}) // 'close' follows.
    const read = createMessageReader(bodyless, (head, body) => socket.write(answer(head, body)))
    socket.on('data', read)
  })

  function answer(head: string, body: Buffer): string {
    const [, bot = '', method] = /^\w+ \/bot(\d+):[^/]*\/(\w+)/.exec(head) ?? []
    if (method === 'getMe') {
      const result = { id: FirstBot + Number(bot), is_bot: true, first_name: 'Bot', username: 'a_bot' }
      return render(200, { ok: true, result })
    }
    const { chat_id, text } = JSON.parse(body.toString()) as { chat_id: number | string; text: string }
    const refusal = onArrival({ bot, chat: String(chat_id), text, atMs: performance.now() })
    if (refusal) {
      const { status, ...why } = refusal
      return render(status, { ok: false, error_code: status, ...why })
    }
    const chat = { id: Number(chat_id), type: 'private', first_name: 'Ada' }
    return render(200, { ok: true, result: { message_id: 1, chat, date: 1_764_000_000, text } })
  }

  server.listen(0, host)
  await once(server, 'listening')
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

function render(status: number, answer: object): string {
  const body = JSON.stringify(answer)
  const head = `HTTP/1.1 ${status} ${status === 200 ? 'OK' : 'Refused'}\r\ncontent-type: application/json`
  return `${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}
