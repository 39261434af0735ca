import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { untilTrue } from '@botyard/testkit'
import type { FaultCase } from '../fault-case.ts'
import { startSystem, whenReady } from '../system.ts'

const conversations = 40

/** Servers that go and come back. */
export const restartCases: readonly FaultCase[] = [
  {
    fault: `Redis is away for eight seconds while ${conversations} long handlers run on two workers`,
    async run() {
      const dir = await mkdtemp(join(tmpdir(), 'botyard-runs-'))
      const RUNS_FILE = join(dir, 'runs')
      await using system = await startSystem({ appendfsync: 'always' })
      const gateway = await system.start('gateway')
      const workers = [
        await system.start('worker', { RUNS_FILE }),
        await system.start('worker', { RUNS_FILE }),
      ]
      await whenReady(gateway, ...workers)
      const texts = Array.from({ length: conversations }, (_, n) => `long ${n}`)
      for (const [n, text] of texts.entries()) {
        assert.equal(await system.say(gateway, text, { bot: 'long', chat: 1000 + n }), 200)
      }
      const runs = async () => (await readFile(RUNS_FILE, 'utf8').catch(() => '')).split('\n').filter(Boolean)
      await untilTrue(async () => (await runs()).length === conversations, 'all handlers run', 15_000)

      await system.redis.kill('SIGKILL')
      await new Promise(resolve => setTimeout(resolve, 8_000))
      await system.redis.restart()
      await untilTrue(() => system.api.sent.length >= conversations, 'all replies', 60_000)

      const began = await runs()
      const twice = began.length - new Set(began).size
      const doubled = system.api.sent.length - new Set(system.api.sent.map(({ text }) => text)).size
      await rm(dir, { recursive: true })
      assert.equal(twice, 0, `${twice} handlers ran twice`)
      assert.equal(doubled, 0, `${doubled} replies came twice`)
      return `${conversations} handlers, none ran twice`
    },
  },
  {
    fault: 'one of two workers is killed',
    async run() {
      await using system = await startSystem()
      const gateway = await system.start('gateway')
      const workers = [await system.start('worker'), await system.start('worker')]
      await whenReady(gateway, ...workers)
      // Redis is older than two beats from here on.
      await new Promise(resolve => setTimeout(resolve, 12_000))
      const texts = Array.from({ length: 40 }, (_, n) => `long ${n}`)
      for (const [n, text] of texts.entries())
        await system.say(gateway, text, { bot: 'long', chat: 1000 + n })

      await workers[0]!.process.kill('SIGKILL')
      const ms = await untilTrue(
        () => new Set(system.api.sent.map(({ text }) => text)).size === 40,
        'all replies',
        60_000,
      )
      return `40 replies, the last after ${(ms / 1000).toFixed(1)} s of which a handler takes 20`
    },
  },
  {
    fault: 'Postgres is frozen for ten seconds',
    async run() {
      await using system = await startSystem()
      const gateway = await system.start('gateway')
      const worker = await system.start('worker')
      await whenReady(gateway, worker)

      system.postgres.pause()
      const status = await system.say(gateway, 'meanwhile')
      await new Promise(resolve => setTimeout(resolve, 10_000))
      system.postgres.resume()
      await system.replied('meanwhile', 30_000)
      assert.equal(status, 200)
      assert.ok(gateway.process.running && worker.process.running)
      return 'answered 200 meanwhile, replied'
    },
  },
]
