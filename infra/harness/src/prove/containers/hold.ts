import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLatch } from '@botyard/testkit'

/** Where the bot `slow` asks when it may answer. */
export interface Hold {
  readonly url: string
  /** Resolves when a handler has begun. */
  readonly begun: Promise<void>
  /** Lets it go on, with this text as its answer. */
  release(text: string): void
  close(): Promise<void>
}

/** Starts it on loopback, for one handler. */
export async function startHold(): Promise<Hold> {
  const begun = createLatch()
  let held: ServerResponse | undefined
  const server = createServer((_, response) => {
    held = response
    begun.open()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    begun: begun.wait(),
    release: text => void held?.end(text),
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
