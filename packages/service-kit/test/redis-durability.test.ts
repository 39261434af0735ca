import assert from 'node:assert/strict'
import test from 'node:test'
import { startRedis } from '@botyard/testkit'
import { checkRedisDurability, createRedis } from '../src/index.ts'
import { capturedLog } from './captured-log.ts'

test('each setting of Redis that may lose updates is reported with what to do', async t => {
  const server = await startRedis({ appendfsync: 'always' })
  t.after(() => server.stop())
  const { logger, lines } = capturedLog()
  const redis = createRedis({ url: server.url, logger, name: 'test', role: 'worker' })
  t.after(() => redis.disconnect())
  const check = (durability: 'strict' | 'relaxed') => checkRedisDurability(redis, { durability, logger })

  assert.deepEqual(await check('strict'), [])

  await redis.config('SET', 'appendfsync', 'everysec')
  assert.deepEqual(await check('relaxed'), [])
  assert.match((await check('strict')).join(), /^Redis writes .* once a second: set "appendfsync always"/)

  await redis.config('SET', 'appendfsync', 'no')
  assert.match((await check('relaxed')).join(), /^Redis leaves it to the system/)

  await redis.config('SET', 'appendonly', 'no')
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
  const problems = await check('strict')
  assert.match(problems.join('\n'), /set "appendonly yes".*allkeys-lru\): set "maxmemory-policy noeviction"/s)
  const reported = lines.filter(line => line.msg === 'redis may lose accepted updates')
  assert.deepEqual(
    reported.slice(-problems.length).map(line => line.problem),
    problems,
  )
})

test('a Redis that denies CONFIG gets a sentence on what to check by hand', async t => {
  const server = await startRedis({ appendfsync: 'always', extra: ['--rename-command', 'CONFIG', ''] })
  t.after(() => server.stop())
  const { logger } = capturedLog()
  const redis = createRedis({ url: server.url, logger, name: 'test', role: 'worker' })
  t.after(() => redis.disconnect())

  const problems = await checkRedisDurability(redis, { durability: 'strict', logger })

  assert.deepEqual(problems, ['Redis does not tell its appendfsync: see to it that it is "always".'])
})
