import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A Bot API that takes every message, but for chats that have blocked the bot. */
export interface Platform {
  readonly url: string
  close(): Promise<void>
}

/** A chat of this or a higher number has blocked the bot: what is sent there becomes a dead letter. */
export const blockedFrom = 900_000

/** Starts it on loopback; `onMessage` is told of every message, those for blocked chats too. */
export async function startPlatform(onMessage: (chat: number, text: string) => void): Promise<Platform> {
  const server = createServer(async (request, response) => {
    const { chat_id, text } = await readJson(request)
    onMessage(Number(chat_id), text)
    const blocked = Number(chat_id) >= blockedFrom
    const body = blocked
      ? { ok: false, error_code: 403, description: 'Forbidden: bot was blocked by the user' }
      : { ok: true, result: { message_id: 1 } }
    response.writeHead(blocked ? 403 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
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
