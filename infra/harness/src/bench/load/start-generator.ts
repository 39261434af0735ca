import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LoadPlan, LoadResult } from './generator.ts'

/** A load generator in a process of its own. */
export interface Generator {
  /** Loads the target for so long; resolves when every request under way is answered. */
  run(seconds: number): Promise<LoadResult>
  close(): Promise<void>
}

/** Starts a generator; it sends nothing before `run`. */
export function startGenerator(plan: LoadPlan): Generator {
  const file = fileURLToPath(new URL('./generator.ts', import.meta.url))
  const child = fork(file, [JSON.stringify(plan)], { execArgv: [] })
  const exited = once(child, 'exit')
  return {
    async run(seconds) {
      child.send({ seconds })
      const failed = exited.then(([code]) => {
        throw new Error(`The load generator ended with code ${code}`)
      })
      const [result] = await Promise.race([once(child, 'message'), failed])
      return result as LoadResult
    },
    async close() {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}
