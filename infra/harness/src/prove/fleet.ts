import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** Processes of one kind that are killed and replaced. */
export class Fleet {
  readonly #file: string
  readonly #args: string[]
  readonly #onMessage: (message: never) => void
  readonly members: ChildProcess[] = []

  constructor(file: string, args: string[], size: number, onMessage: (message: never) => void) {
    this.#file = file
    this.#args = args
    this.#onMessage = onMessage
    for (let i = 0; i < size; i++) this.members.push(this.#start())
  }

  #start(): ChildProcess {
    const child = fork(this.#file, this.#args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    child.on('message', message => this.#onMessage(message as never))
    // A message to a process that was just killed is lost, as a request would be.
    child.on('error', () => undefined)
    return child
  }

  /** SIGKILL, and another one in its place. */
  replace(i: number): void {
    this.members[i]!.kill('SIGKILL')
    this.members[i] = this.#start()
  }

  pause(i: number): () => void {
    const child = this.members[i]!
    child.kill('SIGSTOP')
    return () => child.kill('SIGCONT')
  }

  async stop(): Promise<void> {
    const ended = this.members
      .filter(child => child.exitCode === null && child.signalCode === null)
      .map(child => once(child, 'exit'))
    for (const child of this.members) child.kill('SIGKILL')
    await Promise.all(ended)
  }
}
