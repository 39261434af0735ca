import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'

/** A stand-in for Telegram's Bot API on 127.0.0.1: what the example bots say goes to the terminal. */
export interface BotApiStandIn {
  /** What a bot's `apiRoot` is set to. */
  readonly url: string
  close(): Promise<void>
}

interface Reply {
  readonly chatId: string
  readonly text: string
}

/** Starts it on a free port; `onReply` gets every message that a bot sends. */
export async function startBotApiStandIn(onReply: (reply: Reply) => void): Promise<BotApiStandIn> {
  let messageId = 0
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const method = /^\/bot[^/]+\/(\w+)$/.exec(request.url ?? '')?.[1]
    if (!method) return void answer(404, { ok: false, error_code: 404, description: 'Not Found' })
    const { chat_id, text } = await parameters(request)
    if (method === 'sendMessage') onReply({ chatId: String(chat_id), text: String(text) })
    const chat = { id: chat_id, type: 'private', first_name: 'You' }
    const date = Math.floor(Date.now() / 1000)
    answer(200, { ok: true, result: resultOf() })

    function resultOf(): unknown {
      if (method === 'sendMessage') return { message_id: ++messageId, date, chat, text }
      return method === 'getMe'
        ? { id: 1, is_bot: true, first_name: 'Example', username: 'example_bot' }
        : true
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function parameters(request: IncomingMessage): Promise<Record<string, unknown>> {
  return ((await json(request).catch(() => undefined)) as Record<string, unknown> | undefined) ?? {}
}
