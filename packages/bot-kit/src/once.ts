import { OnceError } from './errors.ts'

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
    if (known !== undefined) return (JSON.parse(known) as { value: T }).value
    const value = await step()
    await store.set(name, serialise(name, value))
    return value
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

/** An object around the value, because JSON has no `undefined`. */
function serialise(name: string, value: unknown): string {
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new OnceError(`The result of once(${JSON.stringify(name)}) is a ${typeof value}: return plain JSON data`)
  }
  try {
    return JSON.stringify({ value })
  } catch (cause) {
    throw new OnceError(`The result of once(${JSON.stringify(name)}) is not JSON: return plain data`, { cause })
  }
}
