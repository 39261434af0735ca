import assert from 'node:assert/strict'
import test from 'node:test'
import { until } from '@botyard/testkit'
import { Registry } from 'prom-client'
import { memoryBound, watchPressure } from '../src/pressure.ts'
import { capturedLog } from './captured-log.ts'

test('an event loop that is late is seen, and that it is well again', async t => {
  const { logger, lines } = capturedLog()
  const registry = new Registry()
  const pressure = watchPressure({ maxDelayMs: 30, everyMs: 60, logger, registry })
  t.after(() => pressure.close())
  let isBusy = true
  const block = () => {
    const end = performance.now() + 80
    while (performance.now() < end);
    if (isBusy) setImmediate(block)
  }
  block()

  await until(() => pressure.level !== 'none')
  const metrics = await registry.metrics()
  isBusy = false
  await until(() => pressure.level === 'none')

  const [, load] = /botyard_pressure\{of="event_loop"\} (.*)/.exec(metrics)!
  assert.ok(Number(load) >= 1, load)
  assert.ok(lines.some(({ msg }) => msg === 'the process is under pressure: it takes less in'))
  assert.equal(lines.at(-1)!.msg, 'the process takes in everything again')
})

test('memory beyond its bound is seen', async t => {
  const { logger } = capturedLog()
  const pressure = watchPressure({ maxMemoryBytes: 1, everyMs: 5, logger, registry: new Registry() })
  t.after(() => pressure.close())

  await until(() => pressure.level === 'critical')
})

test('a bound that is set counts for each process, that of the container for all of them', () => {
  assert.equal(memoryBound(100, 4), 100 * 1024 * 1024)
  const one = memoryBound(undefined, 1)
  assert.equal(memoryBound(undefined, 4), one && one / 4)
})
