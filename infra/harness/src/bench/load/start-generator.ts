import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LoadOrder, LoadResult } from './generator.ts'

/** A platform in a process of its own: it calls webhooks, and takes the replies. */
export interface Generator {
  /** What a bot's `apiRoot` is set to. */
  readonly apiRoot: string
  /** Loads a webhook; resolves when every request under way is answered, and every update if replies are waited for. */
  run(order: LoadOrder): Promise<LoadResult>
  close(): Promise<void>
}

/** Starts a generator; it sends nothing before `run`. */
export async function startGenerator(): Promise<Generator> {
  const file = fileURLToPath(new URL('./generator.ts', import.meta.url))
  const child = fork(file, { execArgv: [] })
  const exited = once(child, 'exit')
  const failed = exited.then(([code]) => {
    throw new Error(`The load generator ended with code ${code}`)
  })
  failed.catch(() => {}) // It ends by `close` too.
  const next = async () => (await Promise.race([once(child, 'message'), failed]))[0]
  const { apiRoot } = (await next()) as { apiRoot: string }
  return {
    apiRoot,
    async run(order) {
      child.send(order)
      return (await next()) as LoadResult
    },
    async close() {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}
