import { Socket } from 'node:net'
import { Client } from 'undici'

/**
 * Has undici read and compile its HTTP parser as soon as the caller yields: by itself it does so
 * synchronously at the first connection of the process, which would block the event loop long after the
 * start. The connection is a socket that leads nowhere.
 */
export function loadHttpParser(): void {
  const client = new Client('http://localhost', {
    connect(_options, connected) {
      connected(null, new Socket())
      void client.destroy().catch(() => {})
    },
  })
  // Always fails: the connection is closed as soon as it is made.
  client.request({ path: '/', method: 'HEAD' }).catch(() => {})
}
