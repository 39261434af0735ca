import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A reply as it arrived at the Bot API. */
export interface Sent {
  readonly chat: number
  readonly text: string
}

/** How the Bot API answers one call; default is success. `cut` closes the connection without a word. */
export type Answering = (
  sent: Sent,
) => undefined | 'cut' | { status: number; retryAfter?: number } | Promise<undefined>

/** A Bot API on loopback that records what it is told to send. */
export async function startBotApi() {
  const calls: Sent[] = []
  const sent: Sent[] = []
  let answering: Answering = () => undefined
  const server = createServer(async (request, response) => {
    const { chat_id, text } = JSON.parse(Buffer.concat(await request.toArray()).toString())
    const message = { chat: chat_id, text }
    calls.push(message)
    const answer = await answering(message)
    if (answer === 'cut') return void response.destroy()
    if (answer === undefined) sent.push(message)
    write(response, answer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Every call, in the order they came. */
    calls,
    /** The calls that were answered with success. */
    sent,
    /** What a chat got, in order. */
    textsOf: (chat: number) => sent.filter(message => message.chat === chat).map(({ text }) => text),
    answer(next: Answering) {
      answering = next
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function write(response: ServerResponse, answer: { status: number; retryAfter?: number } | undefined): void {
  const status = answer?.status ?? 200
  const parameters =
    answer?.retryAfter === undefined ? {} : { parameters: { retry_after: answer.retryAfter } }
  const body =
    status === 200 ? { ok: true } : { ok: false, error_code: status, description: 'no', ...parameters }
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
