import assert from 'node:assert/strict'
import { redisFaults, startFaultyLink, untilTrue } from '@botyard/testkit'
import type { FaultCase } from '../fault-case.ts'
import { startSystem, whenReady } from '../system.ts'

/** Connections to Redis that carry nothing, or lead to a server that is no primary. */
export const connectionCases: readonly FaultCase[] = [
  {
    fault: "the worker's connections to Redis become half-open",
    async run() {
      await using system = await startSystem()
      const link = await startFaultyLink(system.redis.port)
      const gateway = await system.start('gateway')
      const worker = await system.start('worker', { REDIS_URL: link.url(system.redis.url) })
      await whenReady(gateway, worker)
      await system.say(gateway, 'before')
      await system.replied('before')

      link.halfOpen()
      assert.equal(await system.say(gateway, 'after'), 200)
      const ms = await untilTrue(
        () => system.api.sent.some(({ text }) => text === 'after'),
        'the reply',
        15_000,
      )
      await untilTrue(async () => (await worker.ready()).ready, 'ready again')
      await link.close()
      return `reply after ${seconds(ms)}, ready`
    },
  },
  {
    fault: 'the network to Redis is lost without a word, and /ready is asked',
    async run() {
      await using system = await startSystem()
      const link = await startFaultyLink(system.redis.port)
      const worker = await system.start('worker', { REDIS_URL: link.url(system.redis.url) })
      await whenReady(worker)

      link.halfOpen({ alsoNew: true })
      const ms = await untilTrue(async () => !(await worker.ready()).ready, '/ready says no', 15_000)
      link.heal()
      link.cut()
      const backMs = await untilTrue(async () => (await worker.ready()).ready, 'ready again', 15_000)
      await link.close()
      return `not ready after ${seconds(ms)}, ready ${seconds(backMs)} after it was back`
    },
  },
  {
    fault: 'SIGTERM while all connections to Redis are half-open',
    async run() {
      await using system = await startSystem()
      const link = await startFaultyLink(system.redis.port)
      const worker = await system.start('worker', { REDIS_URL: link.url(system.redis.url) })
      await whenReady(worker)

      link.halfOpen({ alsoNew: true })
      const { code, ms } = await worker.stop()
      await link.close()
      assert.equal(code, 0)
      assert.ok(ms < 15_000, `it took ${seconds(ms)}`)
      return `ended with 0 after ${seconds(ms)}`
    },
  },
  {
    fault: 'the primary is demoted for ten seconds',
    async run() {
      await using system = await startSystem()
      const gateway = await system.start('gateway')
      const worker = await system.start('worker')
      await whenReady(gateway, worker)
      const faults = await redisFaults(system.redis.url)
      const before = [gateway, worker].map(app => app.process.lines.length)

      await faults.readOnly()
      await new Promise(resolve => setTimeout(resolve, 10_000))
      assert.equal(await system.say(gateway, 'meanwhile'), 503)
      const lines = [gateway, worker].map((app, i) => app.process.lines.length - before[i]!)
      await faults.writable()
      faults.close()
      await untilTrue(async () => (await system.say(gateway, 'after')) === 200, 'taken again')
      await system.replied('after')
      assert.ok(
        lines.every(count => count <= 12),
        `${lines.join(' and ')} log lines`,
      )
      return `${lines.join(' and ')} log lines, reply after it`
    },
  },
  {
    fault: 'a script keeps Redis busy for six seconds',
    async run() {
      await using system = await startSystem()
      const gateway = await system.start('gateway')
      const worker = await system.start('worker')
      await whenReady(gateway, worker)
      const faults = await redisFaults(system.redis.url)

      const end = await faults.busy()
      const status = await system.say(gateway, 'meanwhile')
      await new Promise(resolve => setTimeout(resolve, 6_000))
      await end()
      faults.close()
      await untilTrue(async () => (await system.say(gateway, 'after')) === 200, 'taken again')
      await system.replied('after')
      assert.equal(status, 503)
      return 'answered 503, reply after it'
    },
  },
  {
    fault: 'Redis is out of memory',
    async run() {
      await using system = await startSystem()
      const gateway = await system.start('gateway')
      const worker = await system.start('worker')
      await whenReady(gateway, worker)
      const faults = await redisFaults(system.redis.url)

      await faults.outOfMemory()
      const status = await system.say(gateway, 'meanwhile')
      await new Promise(resolve => setTimeout(resolve, 8_000))
      await faults.outOfMemory(false)
      faults.close()
      await untilTrue(async () => (await system.say(gateway, 'after')) === 200, 'taken again')
      await system.replied('after')
      assert.equal(status, 503)
      return 'answered 503, reply after it'
    },
  },
]

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
