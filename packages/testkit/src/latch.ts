/** A gate that tests wait at, instead of waiting for time to pass. */
export interface Latch<T> {
  /** Settles when the latch is opened or failed, at once if it already was. */
  wait(): Promise<T>
  /** Lets everybody through; only the first call counts. */
  open(value: T): void
  /** Makes every wait reject; only the first call of open or fail counts. */
  fail(error: unknown): void
  readonly isOpen: boolean
}

/** A closed latch. */
export function createLatch<T = void>(): Latch<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  promise.catch(() => {}) // A failed latch that nobody waits at is no unhandled rejection.
  let isOpen = false
  return {
    wait: () => promise,
    open(value) {
      isOpen = true
      resolve(value)
    },
    fail(error) {
      isOpen = true
      reject(error)
    },
    get isOpen() {
      return isOpen
    },
  }
}
