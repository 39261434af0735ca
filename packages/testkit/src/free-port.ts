import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, statSync, utimesSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/*
 * Below 32768, where Linux begins to take ports for outgoing connections: a server that a test kills and
 * restarts on its port would now and then find that port taken by somebody's client.
 */
const firstPort = 20_000
const lastPort = 32_767

/** One file a port that was given, so that no other test process is given it before its server listens. */
const given = join(tmpdir(), `botyard-test-ports-${process.getuid?.() ?? 'all'}`)
/** Longer than any server takes to listen. */
const reservedForMs = 120_000

/**
 * A TCP port of 127.0.0.1 that nobody listens on at this moment, and that no other test is given for two
 * minutes; for servers that cannot be given port 0.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(firstPort, lastPort + 1)
    if (reserve(port) && (await isFree(port))) return port
  }
  throw new Error(`No free port found between ${firstPort} and ${lastPort}`)
}

function reserve(port: number): boolean {
  mkdirSync(given, { recursive: true })
  const file = join(given, String(port))
  try {
    closeSync(openSync(file, 'wx'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const now = Date.now()
    if (statSync(file).mtimeMs > now - reservedForMs) return false
    utimesSync(file, now / 1000, now / 1000)
  }
  return true
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
