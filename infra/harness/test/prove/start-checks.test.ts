import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { freePort, redisTlsSettings, startRedis } from '@botyard/testkit'
import { Redis } from 'ioredis'
import {
  type AppName,
  type OperatedSystem,
  startSystem,
  whenReady,
} from '../../src/prove/operations/system.ts'

const apps: readonly AppName[] = ['gateway', 'worker', 'admin']

let system: OperatedSystem
before(async () => {
  system = await startSystem()
})
after(() => system[Symbol.asyncDispose]())

/** Each app ends with that code and one fatal line, which it answers. */
async function refused(env: Record<string, string>, exitCode: number): Promise<Record<string, unknown>[]> {
  return Promise.all(
    apps.map(async app => {
      const { process } = await system.start(app, env)
      const { code } = await process.exited
      const fatal = process.lines.filter(line => line.includes('"level":"fatal"'))
      assert.deepEqual([code, fatal.length], [exitCode, 1], `${app}: ${process.lines.slice(-3).join('\n')}`)
      return JSON.parse(fatal[0]!)
    }),
  )
}

const codesOf = (lines: readonly Record<string, unknown>[]) => lines.map(line => line.code)

test('each app ends with 75 and one line where Redis is a replica', async t => {
  const replica = await startRedis({ extra: ['--replicaof', '127.0.0.1', String(system.redis.port)] })
  t.after(() => replica.stop())

  const lines = await refused({ REDIS_URL: replica.url }, 75)

  assert.deepEqual(
    codesOf(lines),
    apps.map(() => 'RDS_REPLICA'),
  )
})

test('each app ends with 78 and one line where a right is missing, the password is wrong, or the authority unknown', async t => {
  const port = await freePort()
  const own = await startRedis({ extra: redisTlsSettings(port) })
  t.after(() => own.stop())
  const admin = new Redis(own.url)
  t.after(() => admin.disconnect())
  await admin.call('ACL', 'SETUSER', 'bot', 'on', '>pw', '~*', '&*', '+@all', '-zadd')

  const lacking = await refused({ REDIS_URL: own.url.replace('//', '//bot:pw@') }, 78)
  const wrong = await refused({ REDIS_URL: own.url.replace('//', '//bot:no@') }, 78)
  const untrusted = await refused({ REDIS_URL: `rediss://127.0.0.1:${port}` }, 78)

  assert.deepEqual(
    codesOf(lacking),
    apps.map(() => 'RDS_RIGHTS'),
  )
  assert.deepEqual(lacking[0]!.commands, ['zadd'])
  assert.deepEqual(
    codesOf(wrong),
    apps.map(() => 'RDS_PASSWORD'),
  )
  assert.deepEqual(
    codesOf(untrusted),
    apps.map(() => 'RDS_TLS'),
  )
})

test('what may lose accepted updates is said at the start, and the apps go on', async t => {
  const lossy = await startRedis({
    extra: ['--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru'],
    appendfsync: 'no',
  })
  t.after(() => lossy.stop())
  const env = { REDIS_URL: lossy.url, DURABILITY: 'strict' }

  const [gateway, worker] = [await system.start('gateway', env), await system.start('worker', env)]
  await whenReady(gateway, worker)

  for (const { process } of [gateway, worker]) {
    const lines = process.lines.filter(line => line.includes('redis may lose accepted updates'))
    assert.deepEqual(lines.map(line => JSON.parse(line).code).sort(), [
      'RDS_EVICTS',
      'RDS_FSYNC',
      'RDS_NO_FILE',
    ])
    await process.kill()
  }
})
