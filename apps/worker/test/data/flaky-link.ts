import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What {@link createFlakyLink} made. */
export type FlakyLink = Awaited<ReturnType<typeof createFlakyLink>>

/** A way to a Postgres that can be cut and mended; `url` is that of `target` by way of it. */
export async function createFlakyLink(target: string) {
  const to = new URL(target)
  const sockets = new Set<Socket>()
  let cut = false
  const server = createServer(near => {
    if (cut) return near.destroy()
    const far = connect(Number(to.port), to.hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => undefined)
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(target)
  url.port = String((server.address() as AddressInfo).port)
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: url.href,
    cut() {
      cut = true
      drop()
    },
    mend() {
      cut = false
    },
    async close() {
      server.close()
      drop()
      await once(server, 'close')
    },
  }
}
