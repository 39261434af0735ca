import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/*
 * Below 32768, where Linux begins to take ports for outgoing connections: a server that a test kills and
 * restarts on its port would now and then find that port taken by somebody's client.
 */
const firstPort = 20_000
const lastPort = 32_767

/** A TCP port of 127.0.0.1 that nobody listens on at this moment; for servers that cannot be given port 0. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(firstPort, lastPort + 1)
    if (await isFree(port)) return port
  }
  throw new Error(`No free port found between ${firstPort} and ${lastPort}`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
