import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CircuitBreaker } from '../../src/pool/circuit-breaker.ts'

test('five failures in a row open it; after its pause one caller tries, and the others are sent away', () => {
  const breaker = opened()

  assert.deepEqual([breaker.state(1), breaker.enter(100)], ['open', 400])
  assert.equal(breaker.state(501), 'half-open')
  assert.equal(breaker.enter(501), undefined)
  assert.equal(breaker.enter(502), 500)
})

test('a success closes it, and a success between failures keeps it closed', () => {
  const breaker = opened()
  breaker.enter(501)
  breaker.succeeded()
  assert.equal(breaker.state(502), 'closed')

  for (let n = 0; n < 20; n++) {
    breaker.failed(503)
    if (n % 4 === 3) breaker.succeeded()
  }
  assert.equal(breaker.state(504), 'closed')
})

test('each trial that fails doubles the pause, up to eight seconds', () => {
  const breaker = opened()
  const pauses: number[] = []
  for (let now = 501; pauses.length < 6; ) {
    breaker.enter(now)
    breaker.failed(now)
    const pause = breaker.enter(now) ?? 0
    pauses.push(pause)
    now += pause
  }

  assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 8000, 8000])
})

test('what was under way when it opened does not hold it open for longer', () => {
  const breaker = opened()
  breaker.failed(400)
  assert.equal(breaker.enter(501), undefined)
})

test('a trial that came to nothing lets the next one try', () => {
  const breaker = opened()
  breaker.enter(501)
  breaker.abstained()
  assert.equal(breaker.enter(502), undefined)
})

/** Open since 0. */
function opened(): CircuitBreaker {
  const breaker = new CircuitBreaker()
  for (let n = 0; n < 5; n++) breaker.failed(0)
  return breaker
}
