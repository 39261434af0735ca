import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * A TCP link to a server on 127.0.0.1 that fails on demand, as networks do. Put its `url` or `port` where the
 * server's would stand. Faults apply until `heal`.
 */
export interface FaultyLink {
  readonly port: number
  /** The server's url with the link's port. */
  url(of: string): string
  /** Connections through the link that are open now. */
  readonly open: number
  /** Connections that `refuse` has turned away so far. */
  readonly refused: number
  /**
   * Half-open: what is open now carries nothing any more and is not closed, as when a NAT or load balancer
   * forgets it. New connections pass, unless `alsoNew`.
   */
  halfOpen(options?: { alsoNew?: boolean }): void
  /**
   * One direction of what is open now carries nothing any more: requests arrive and no answer comes back, or
   * the other way round.
   */
  swallow(direction: 'requests' | 'answers'): void
  /** Everything that passes comes that much later. */
  slow(delayMs: number): void
  /** Breaks all open connections (RST). */
  cut(): void
  /** Breaks all open connections and refuses new ones. */
  refuse(): void
  /** Leads new connections to another port, as a name does after a failover. */
  leadTo(target: number): void
  /** New connections pass again, in time. What is half-open stays so: no network gives it back. */
  heal(): void
  close(): Promise<void>
}

interface Pair {
  /** The client's end, the server's end. */
  readonly ends: readonly [Socket, Socket]
  /** The ends from which nothing is carried any more. */
  readonly dead: Set<Socket>
}

/** Opens a link to a port of 127.0.0.1. */
export async function startFaultyLink(firstTarget: number): Promise<FaultyLink> {
  let target = firstTarget
  const pairs = new Set<Pair>()
  const ends = new Set<Socket>()
  let mode: 'pass' | 'silent' | 'refuse' = 'pass'
  let delayMs = 0
  let refused = 0

  function join(near: Socket): void {
    if (mode === 'refuse') {
      refused++
      near.resetAndDestroy()
      return
    }
    const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    for (const end of [near, far]) {
      ends.add(end)
      end.on('close', () => ends.delete(end))
    }
    const pair: Pair = { ends: [near, far], dead: new Set(mode === 'silent' ? [near, far] : []) }
    pairs.add(pair)
    carry(pair, near, far)
    carry(pair, far, near)
  }

  /** One direction; its end and its errors are carried too. */
  function carry(pair: Pair, from: Socket, to: Socket): void {
    const late = (pass: () => void) => {
      if (pair.dead.has(from)) return
      if (delayMs === 0) pass()
      else setTimeout(() => !pair.dead.has(from) && pass(), delayMs)
    }
    from.on('data', bytes => late(() => to.write(bytes)))
    from.on('end', () => late(() => to.end()))
    from.on('error', () => late(() => to.destroy()))
    from.on('close', () => {
      if (!pair.dead.has(from)) to.destroy()
      if (pair.ends.every(end => end.destroyed)) pairs.delete(pair)
    })
  }

  const cut = () => {
    for (const { ends } of pairs) for (const end of ends) reset(end)
  }
  const server = await listen(join)
  const { port } = server.address() as { port: number }
  return {
    port,
    url(of) {
      const url = new URL(of)
      url.port = String(port)
      return url.href
    },
    get open() {
      return [...pairs].filter(pair => pair.dead.size === 0).length
    },
    get refused() {
      return refused
    },
    halfOpen({ alsoNew = false } = {}) {
      for (const { dead, ends } of pairs) for (const end of ends) dead.add(end)
      if (alsoNew) mode = 'silent'
    },
    swallow(direction) {
      for (const { dead, ends } of pairs) dead.add(ends[direction === 'requests' ? 0 : 1])
    },
    slow(ms) {
      delayMs = ms
    },
    cut,
    refuse() {
      mode = 'refuse'
      cut()
    },
    leadTo(port) {
      target = port
    },
    heal() {
      mode = 'pass'
      delayMs = 0
    },
    async close() {
      mode = 'refuse'
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      for (const end of ends) end.destroy()
      await closed
    },
  }
}

/** A socket that is being shut down cannot be reset: Node leaks its handle then, and libuv spins on it. */
function reset(end: Socket): void {
  if (end.writableEnded) end.destroy()
  else end.resetAndDestroy()
}

function listen(join: (near: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true }, join)
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}
