import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { Agent } from 'undici'
import type { NetworkOptions } from '../../src/index.ts'
import type { Received } from '../http/local-server.ts'

/** A server that stands for every host there is: it takes all that is sent and tells what came. */
export interface Recorder {
  readonly network: NetworkOptions
  /** The calls since the last time it was asked, without those for access tokens. */
  take(): Received[]
  close(): Promise<void>
}

/** Starts it on loopback; `accepted` is the body of its answers. */
export async function startRecorder(accepted: object): Promise<Recorder> {
  let received: Received[] = []
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const { method = '', url = '', headers } = request
    const isForToken = /(^|&)grant_type=/.test(body)
    if (!isForToken) received.push({ method, url, headers, body })
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify(isForToken ? { token_type: 'Bearer', access_token: 'a', expires_in: 3599 } : accepted),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  // Any host and port, and no TLS: only who answers differs from a send in production.
  const toRecorder = (_options: unknown, callback: (error: Error | null, socket: unknown) => void) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => callback(null, socket))
    socket.once('error', error => callback(error, null))
  }
  const dispatcher = new Agent({ connect: toRecorder as never })
  return {
    network: { dispatcher, signal: new AbortController().signal },
    take() {
      const taken = received
      received = []
      return taken
    },
    async close() {
      await dispatcher.destroy()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
