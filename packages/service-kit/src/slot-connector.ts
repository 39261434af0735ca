import { connect as connectPlain, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { AbstractConnector, type RedisOptions } from 'ioredis'
import type { ClusterTopology } from './cluster-topology.ts'

/** Between two looks for the primary of a slot while nobody says, in ms. */
const againMs = 200

type Options = Pick<RedisOptions, 'tls' | 'disconnectTimeout'>

/**
 * What makes a plain ioredis client one of whichever node has a slot: each connection begins with a look at
 * the cluster.
 */
export function slotConnector(topology: ClusterTopology, slot: number) {
  return class SlotConnector extends AbstractConnector {
    readonly #tls: RedisOptions['tls']

    constructor(options: unknown) {
      const { tls, disconnectTimeout = 2_000 } = options as Options
      super(disconnectTimeout)
      this.#tls = tls
    }

    /** A rejection would end the client for good: it rejects only when that is what was asked for. */
    async connect(emit: (type: string, error: Error) => void): Promise<Socket> {
      this.connecting = true
      for (;;) {
        try {
          const node = await topology.primaryOf(slot)
          if (this.connecting) return this.#open(node)
        } catch (error) {
          emit('error', error as Error)
          await delay(againMs)
        }
        if (!this.connecting) throw new Error('Connection is closed.')
      }
    }

    #open(node: { host: string; port: number }): Socket {
      const stream = this.#tls ? connectTls({ ...node, ...this.#tls }) : connectPlain(node)
      stream.once('error', error => {
        this.firstError = error
      })
      this.stream = stream
      return stream
    }
  }
}
