import { Socket } from 'node:net'

/** Makes a host's sockets and can close all of them at once: a frozen server answers no goodbye, and node-postgres waits for one. */
export class OpenSockets {
  readonly #sockets = new Set<Socket>()

  /** For the `stream` option of node-postgres, TLS or not. */
  readonly create = (): Socket => {
    const socket = new Socket()
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    return socket
  }

  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }
}
