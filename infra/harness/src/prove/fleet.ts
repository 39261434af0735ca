import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** Processes of one kind that are killed and replaced. */
export class Fleet {
  readonly #file: string
  readonly #argsOf: (member: number) => string[]
  readonly #onMessage: (message: never) => void
  readonly members: ChildProcess[] = []
  readonly #ready = new WeakSet<ChildProcess>()

  /** `argsOf` is asked again for the one that takes a member's place. */
  constructor(
    file: string,
    argsOf: (member: number) => string[],
    size: number,
    onMessage: (message: never) => void,
  ) {
    this.#file = file
    this.#argsOf = argsOf
    this.#onMessage = onMessage
    for (let i = 0; i < size; i++) this.members.push(this.#start(i))
  }

  #start(member: number): ChildProcess {
    const child = fork(this.#file, this.#argsOf(member), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    child.on('message', message => {
      if ((message as { ready?: true }).ready) this.#ready.add(child)
      this.#onMessage(message as never)
    })
    // A message to a process that was just killed is lost, as a request would be.
    child.on('error', () => undefined)
    return child
  }

  /** Whether the member that runs now has said that it is. */
  isReady(i: number): boolean {
    return this.#ready.has(this.members[i]!)
  }

  /** SIGKILL, and another one in its place. */
  replace(i: number): void {
    this.members[i]!.kill('SIGKILL')
    this.members[i] = this.#start(i)
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
