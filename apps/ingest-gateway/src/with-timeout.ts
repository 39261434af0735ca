/** Those that began to wait in one turn of the event loop for one time, and their common timer. */
interface Turn {
  readonly ms: number
  readonly waiting: Set<() => void>
  readonly timer: NodeJS.Timeout
}

let turn: Turn | undefined

/**
 * Resolves or rejects as `promise` does; after `ms` without either, resolves to `late` and ignores what comes
 * then. All calls of a turn share one timer: setting and clearing one for each took a fortieth of the
 * gateway's time.
 */
export function withTimeout<T, L>(ms: number, promise: Promise<T>, late: L): Promise<T | L> {
  return new Promise((resolve, reject) => {
    const own = turn?.ms === ms ? turn : beginTurn(ms)
    const giveUp = () => resolve(late)
    own.waiting.add(giveUp)
    const settled = () => {
      own.waiting.delete(giveUp)
      if (own.waiting.size === 0) endTurn(own)
    }
    promise.then(
      value => {
        settled()
        resolve(value)
      },
      error => {
        settled()
        reject(error)
      },
    )
  })
}

function beginTurn(ms: number): Turn {
  const waiting = new Set<() => void>()
  const timer = setTimeout(() => {
    for (const giveUp of waiting) giveUp()
  }, ms)
  const begun = { ms, waiting, timer }
  turn = begun
  setImmediate(() => {
    if (turn === begun) turn = undefined
  })
  return begun
}

/** Its timer is cleared, so nobody may join it any more. */
function endTurn(ended: Turn): void {
  clearTimeout(ended.timer)
  if (turn === ended) turn = undefined
}
