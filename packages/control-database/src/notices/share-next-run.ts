/**
 * One run at a time: who calls while one runs shares the next with all others who do, since the running one may have read too
 * early for them. The result has nothing running when it resolves.
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
