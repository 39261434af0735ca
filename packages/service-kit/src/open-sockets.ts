import { Socket } from 'node:net'

/**
 * Makes a host's sockets and can close all of them at once: a frozen server answers no goodbye, and
 * node-postgres waits for one.
 */
export class OpenSockets {
  readonly #sockets = new Set<Socket>()
  #whenNone = Promise.withResolvers<void>()

  /** For the `stream` option of node-postgres, TLS or not. */
  readonly create = (): Socket => {
    const socket = new Socket()
    this.#sockets.add(socket)
    socket.once('close', () => {
      this.#sockets.delete(socket)
      if (this.#sockets.size === 0) this.#whenNone.resolve()
    })
    return socket
  }

  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Resolves when all have closed; those that have not by then are destroyed. */
  async closeWithin(ms: number): Promise<void> {
    if (this.#sockets.size === 0) return
    this.#whenNone = Promise.withResolvers()
    const timer = setTimeout(() => this.destroyAll(), ms)
    await this.#whenNone.promise
    clearTimeout(timer)
  }
}
