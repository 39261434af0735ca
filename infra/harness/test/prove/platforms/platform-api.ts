import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A call of a platform's API. */
export interface ApiCall {
  readonly method: string
  readonly path: string
  /** Its JSON, or its text if it is none; undefined if it has no body. */
  readonly body: unknown
}

/** An answer of a platform's API. */
export interface ApiAnswer {
  readonly status?: number
  readonly body: object
}

/** A platform's API on loopback that takes everything: what a worker sends there. */
export async function startPlatformApi() {
  const calls: ApiCall[] = []
  const taken: ApiAnswer = { body: { ok: true, id: '1', ts: '1.2' } }
  let answering: (call: ApiCall) => ApiAnswer = () => taken
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const call: ApiCall = {
      method: request.method ?? '',
      path: request.url ?? '',
      body: text.startsWith('{') ? JSON.parse(text) : text || undefined,
    }
    calls.push(call)
    const { status = 200, body } = answering(call)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    calls,
    /** Answers from now on as the platform does; anything else is taken. */
    answer(next: (call: ApiCall) => ApiAnswer | undefined) {
      answering = call => next(call) ?? taken
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
