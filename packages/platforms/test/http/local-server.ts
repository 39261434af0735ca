import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { Agent } from 'undici'
import type { SendOptions } from '../../src/index.ts'

/** A request that a test's server had, with its whole body. */
export interface Received {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}

/** A real HTTP server on loopback and a plain agent to call it with; both end with the test. */
export async function localServer(
  t: TestContext,
  answer: (request: Received, response: ServerResponse) => void,
) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '', url = '', headers } = request
    const whole = { method, url, headers, body: Buffer.concat(chunks).toString() }
    received.push(whole)
    answer(whole, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const dispatcher = new Agent()
  t.after(async () => {
    await dispatcher.destroy()
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  const options: SendOptions = { dispatcher, signal: new AbortController().signal }
  return { origin: `http://127.0.0.1:${port}`, received, options }
}
