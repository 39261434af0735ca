import assert from 'node:assert/strict'
import test from 'node:test'
import type { Child, ChildExit } from '../../src/cluster/fork-child.ts'
import { Place } from '../../src/cluster/place.ts'
import { createReload } from '../../src/cluster/reload.ts'
import { createLogger } from '../../src/index.ts'

const times = { firstBackoffMs: 1, maxBackoffMs: 4, stableAfterMs: 60_000, closeWithinMs: 60_000 }
const neverStarted = { code: null, signal: null, err: new Error('spawn EAGAIN') }

/** A child that ends when it is told to. */
class FakeChild implements Child {
  readonly pid = 1
  readonly isServing = true
  readonly isStopping = false
  readonly served = Promise.resolve()
  readonly lastMetrics = []
  readonly told: string[] = []
  readonly #exit = Promise.withResolvers<ChildExit>()
  readonly exited = this.#exit.promise
  async ask() {
    return undefined
  }
  end(exit: ChildExit) {
    this.#exit.resolve(exit)
  }
  stop() {
    this.told.push('stop')
    this.end({ code: 0, signal: null })
  }
  kill() {
    this.told.push('kill')
    this.end({ code: null, signal: 'SIGKILL' })
  }
}

/** A place that forks these children, one after the other. */
function startPlace(...children: FakeChild[]) {
  const stop = new AbortController()
  const allForked = Promise.withResolvers<void>()
  const pausesMs: number[] = []
  const waiting = [...children]
  const deps = {
    fork() {
      if (waiting.length === 1) allForked.resolve()
      return waiting.shift()!
    },
    onCrash(_child: Child, _exit: ChildExit, ms: number) {
      pausesMs.push(ms)
    },
    stopping: stop.signal,
  }
  return { place: new Place(deps, times), stop, allForked: allForked.promise, pausesMs }
}

test('a place whose child cannot be started tries again after its back-off, and closes', async () => {
  const failed = [new FakeChild(), new FakeChild()]
  const last = new FakeChild()
  for (const child of failed) child.end(neverStarted)

  const { place, stop, allForked, pausesMs } = startPlace(...failed, last)
  await allForked
  stop.abort()
  const isClosed = await place.close()

  assert.deepEqual(pausesMs, [1, 2])
  assert.deepEqual(last.told, ['stop'])
  assert.equal(isClosed, true)
})

test('a reload whose new child cannot be started is given up, and the old one goes on', async () => {
  const [old, next] = [new FakeChild(), new FakeChild()]
  const { place, stop } = startPlace(old, next)
  const logger = createLogger({ name: 'reload', level: 'silent' })
  const reload = createReload({ places: [place], isReady: async () => false, logger, stopping: stop.signal })
  next.end(neverStarted)

  reload.ask()
  await reload.ended()

  assert.deepEqual(old.told, [])
})

for (const answer of [true, false]) {
  test(`a new child that answers ready=${answer} when all ends is told to stop, not killed`, async () => {
    const [old, next] = [new FakeChild(), new FakeChild()]
    const { place, stop } = startPlace(old, next)
    const ready = Promise.withResolvers<boolean>()

    const renewed = place.renew(() => ready.promise, 60_000)
    stop.abort()
    await place.close()
    ready.resolve(answer)

    assert.equal(await renewed, false)
    assert.deepEqual([old.told, next.told], [['stop'], ['stop']])
  })
}

test('a child that is not ready in time is told to stop: it may have calls in hand', async () => {
  const [old, next] = [new FakeChild(), new FakeChild()]
  const { place } = startPlace(old, next)

  const isRenewed = await place.renew(async () => false, -1)

  assert.equal(isRenewed, false)
  assert.deepEqual([old.told, next.told], [[], ['stop']])
})

test('a reload that is asked for when all ends starts nothing', async () => {
  const { place, stop } = startPlace(new FakeChild())
  const logger = createLogger({ name: 'reload', level: 'silent' })
  const reload = createReload({ places: [place], isReady: async () => true, logger, stopping: stop.signal })
  stop.abort()

  reload.ask()

  // A fork would throw: there is no second child.
  await reload.ended()
})
