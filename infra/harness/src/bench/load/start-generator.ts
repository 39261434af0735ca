import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LoadOrder, LoadResult, Told } from './generator.ts'

/** A platform in a process of its own: it calls webhooks, and takes the replies. */
export interface Generator {
  /** What a bot's `apiRoot` is set to. */
  readonly apiRoot: string
  /**
   * Loads a webhook; resolves when every request under way is answered, and every update if replies are
   * waited for.
   */
  run(order: LoadOrder): Promise<LoadResult>
  /** How many updates of this run wait for their reply. */
  underWay(): Promise<number>
  /** Ends it, in the middle of a run too. */
  close(): Promise<void>
}

/** Starts a generator; it sends nothing before `run`. */
export async function startGenerator(): Promise<Generator> {
  const file = fileURLToPath(new URL('./generator.ts', import.meta.url))
  const child = fork(file, { execArgv: [] })
  const exited = once(child, 'exit')
  const waiting = new Map<string, (value: never) => void>()
  child.on('message', (told: Told) => {
    for (const [what, value] of Object.entries(told)) waiting.get(what)?.(value as never)
  })
  const heard = <Value>(what: 'apiRoot' | 'underWay' | 'result') => {
    const { promise, resolve, reject } = Promise.withResolvers<Value>()
    waiting.set(what, resolve)
    void exited.then(([code]) => reject(new Error(`The load generator ended with code ${code}`)))
    return promise
  }
  return {
    apiRoot: await heard<string>('apiRoot'),
    run(order) {
      child.send({ order })
      return heard('result')
    },
    underWay() {
      child.send('underWay')
      return heard('underWay')
    },
    async close() {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}
