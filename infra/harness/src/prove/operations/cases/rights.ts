import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { acceptTls, freePort, redisTlsSettings, testTls } from '@botyard/testkit'
import { Redis } from 'ioredis'
import type { FaultCase } from '../fault-case.ts'
import { type OperatedSystem, startSystem, whenReady } from '../system.ts'

const acl = readFileSync(new URL('../../../../../redis/botyard.acl', import.meta.url), 'utf8')
const least = /^user botyard on >CHANGE-ME (.*)$/m.exec(acl)![1]!

/** Users of few rights, and TLS. */
export const rightsCases: readonly FaultCase[] = [
  {
    fault: 'the Redis user has the documented rights and no others',
    async run() {
      await using system = await startSystem()
      const { admin, url } = await userWith(system, least)
      await admin.call('ACL', 'LOG', 'RESET')
      // Each app tries at its start what it may do, and may do all of it.
      const ended = await wholePath(system, { REDIS_URL: url }).catch((error: Error) => error)
      const denied = (await admin.call('ACL', 'LOG')) as unknown[]
      admin.disconnect()
      assert.deepEqual(denied, [], `refused: ${JSON.stringify(denied).slice(0, 300)}`)
      if (ended instanceof Error) throw ended
      return 'whole path, nothing was refused'
    },
  },
  {
    fault: 'the Redis user may not INFO (-@dangerous)',
    async run() {
      await using system = await startSystem()
      const { admin, url } = await userWith(system, '~* &* +@all -@dangerous')
      admin.disconnect()
      const ms = await wholePath(system, { REDIS_URL: url })
      return `whole path, the worker ends after ${(ms / 1000).toFixed(1)} s`
    },
  },
  {
    fault: 'the Redis user may not ZADD',
    async run() {
      await using system = await startSystem()
      const { admin, url } = await userWith(system, `${least} -zadd`)
      admin.disconnect()
      for (const app of ['gateway', 'worker', 'admin'] as const) {
        const { process } = await system.start(app, { REDIS_URL: url })
        const { code } = await process.exited
        assert.equal(code, 78)
        const fatal = process.lines.filter(line => line.includes('"fatal"'))
        assert.equal(fatal.length, 1, fatal.join('\n'))
        assert.match(fatal[0]!, /"commands":\["zadd"\]/)
      }
      return 'each app ends with 78 and one line that names it'
    },
  },
  {
    fault: 'Redis and the control database over TLS of a private authority',
    async run() {
      const port = await freePort()
      await using system = await startSystem({ extra: redisTlsSettings(port) })
      await acceptTls(system.controlUrl)
      await wholePath(system, {
        REDIS_URL: `rediss://127.0.0.1:${port}`,
        CONTROL_DATABASE_URL: `${system.controlUrl}?sslmode=verify-full`,
        NODE_EXTRA_CA_CERTS: testTls.authority,
      })
      return 'whole path'
    },
  },
]

/** All three apps under an environment; how long the worker took to end, in ms. */
async function wholePath(system: OperatedSystem, env: Record<string, string>): Promise<number> {
  const [gateway, worker, admin] = [
    await system.start('gateway', env),
    await system.start('worker', env),
    await system.start('admin', env),
  ]
  await whenReady(gateway, worker, admin)
  for (let n = 0; n < 20; n++) assert.equal(await system.say(gateway, `text ${n}`, { chat: n }), 200)
  for (let n = 0; n < 20; n++) await system.replied(`text ${n}`)
  const { code, ms } = await worker.stop()
  assert.equal(code, 0)
  assert.equal((await gateway.stop()).code, 0)
  assert.equal((await admin.stop()).code, 0)
  return ms
}

async function userWith(system: OperatedSystem, rules: string) {
  const admin = new Redis(system.redis.url)
  admin.on('error', () => undefined)
  await admin.call('ACL', 'SETUSER', 'bot', 'reset', 'on', '>pw', ...rules.split(' '))
  return { admin, url: system.redis.url.replace('//', '//bot:pw@') }
}
