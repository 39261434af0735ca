import type { Socket } from 'node:net'
import { type ClientAddresses, countedAddress } from '@botyard/service-kit'
import fp from 'fastify-plugin'
import type { GatewayMetrics } from '../metrics.ts'

/** How many connections there may be. */
export interface ConnectionLimitsOptions {
  readonly addresses: ClientAddresses
  readonly max: number
  readonly maxPerAddress: number
  readonly metrics: Pick<GatewayMetrics, 'connectionRefused'>
}

/**
 * Bounds the connections of the process, and of each address, so that one stranger cannot hold them all. The
 * connections of a trusted proxy are many clients', so they are bounded by the proxy; its clients' calls are
 * counted by the body budget.
 */
export default fp<ConnectionLimitsOptions>(
  async function connectionLimits(app, { addresses, max, maxPerAddress, metrics }) {
    const open = new Map<string, number>()
    app.server.maxConnections = max
    // Never throws: it counts.
    app.server.on('drop', () => metrics.connectionRefused('process'))
    // Never throws: an address that is gone or junk is one address like any other.
    app.server.on('connection', (socket: Socket) => {
      if (addresses.isTrusted(socket.remoteAddress)) return
      const address = countedAddress(addresses.of(socket.remoteAddress, undefined))
      const others = open.get(address) ?? 0
      if (others >= maxPerAddress) {
        metrics.connectionRefused('address')
        socket.destroy()
        return
      }
      open.set(address, others + 1)
      socket.once('close', () => {
        const left = open.get(address)! - 1
        if (left > 0) open.set(address, left)
        else open.delete(address)
      })
    })
  },
  { name: 'connection-limits', fastify: '5.x' },
)
