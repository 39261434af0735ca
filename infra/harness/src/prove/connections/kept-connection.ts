import { connect, type Socket } from 'node:net'

/** A call that takes longer is an error, in ms: a platform has given up long before. */
const patienceMs = 30_000

/** One connection of a platform, kept alive, without more memory than it must have: many share a process. */
export class KeptConnection {
  readonly #socket: Socket
  #answered: ((problem?: string) => void) | undefined
  #received = ''

  private constructor(socket: Socket, onLost: (problem: string) => void) {
    this.#socket = socket
    // Never throws: it looks at text.
    socket.on('data', chunk => this.#onData(String(chunk)))
    socket.on('error', () => undefined)
    // Never throws: it counts.
    socket.on('close', () => {
      if (this.#answered) this.#end('closed within a call')
      onLost('closed by the gateway')
    })
  }

  /** Opens it; rejects with the error's code. */
  static open(
    { port, from }: { port: number; from: string },
    onLost: (problem: string) => void,
  ): Promise<KeptConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', localAddress: from })
      socket.once('error', reject)
      socket.once('connect', () => resolve(new KeptConnection(socket, onLost)))
    })
  }

  get isBusy(): boolean {
    return this.#answered !== undefined
  }

  /** Sends one call; resolves to what was wrong with its answer, if anything. */
  call(text: string): Promise<string | undefined> {
    return new Promise(resolve => {
      const timer = setTimeout(() => this.#end('no answer'), patienceMs)
      this.#answered = problem => {
        clearTimeout(timer)
        resolve(problem)
      }
      this.#socket.write(text)
    })
  }

  #onData(chunk: string): void {
    this.#received += chunk
    if (!this.#received.endsWith('}')) return
    const status = this.#received.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)
    this.#received = ''
    this.#end(status === '200' ? undefined : `answered ${status}`)
  }

  #end(problem: string | undefined): void {
    this.#answered?.(problem)
    this.#answered = undefined
  }
}
