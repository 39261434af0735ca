/**
 * Runs one call at a time. All calls made during a run share the next run, since the running one may have
 * read too early for them. The result has nothing running when it resolves.
 */
export function shareNextRun<T>(run: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  let next: Promise<T> | undefined

  const start = () => {
    const running = run()
    last = running
    next = undefined
    return running
  }
  return () => (next ??= last.then(start, start))
}
