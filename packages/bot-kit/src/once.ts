import { OnceError } from './errors.ts'
import { whyNotJson } from './why-not-json.ts'

/** Where results of `ctx.once` are kept, as JSON, for one update. */
export interface OnceStore {
  get(name: string): Promise<string | undefined>
  set(name: string, json: string): Promise<void>
}

/** Makes an update's `once`: callers of one name at the same time share one run of the step. */
export function createOnce(store: OnceStore): <T>(name: string, step: () => T | Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<unknown>>()

  async function run<T>(name: string, step: () => T | Promise<T>): Promise<T> {
    const known = await store.get(name)
    if (known !== undefined) return read<T>(known)
    const value = await step()
    const json = serialise(name, value)
    await store.set(name, json)
    return read<T>(json)
  }

  return function once<T>(name: string, step: () => T | Promise<T>): Promise<T> {
    const shared = running.get(name)
    if (shared !== undefined) return shared as Promise<T>
    const result = run(name, step)
    running.set(name, result)
    // A step that failed may be tried again within the same handler.
    result.catch(() => running.delete(name))
    return result
  }
}

// Also for the first run, so that a later one sees the very same.
function read<T>(json: string): T {
  return (JSON.parse(json) as { value: T }).value
}

/** An object around the value, because JSON has no `undefined`. */
function serialise(name: string, value: unknown): string {
  const problem = whyNotJson(value)
  if (problem === undefined) return JSON.stringify({ value })
  throw new OnceError(`The step ${JSON.stringify(name)} ran, but its result cannot be remembered: ${problem}`)
}
