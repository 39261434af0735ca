import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { startRedis, type TestRedis } from '@botyard/testkit'
import { Redis } from 'ioredis'
import { createRedis } from '../src/index.ts'
import { findMissingRights } from '../src/redis-rights.ts'
import { capturedLog } from './captured-log.ts'

const acl = readFileSync(new URL('../../../infra/redis/botyard.acl', import.meta.url), 'utf8')
const documented = /^user botyard on >CHANGE-ME (.*)$/m.exec(acl)![1]!

let server: TestRedis
let admin: Redis
before(async () => {
  server = await startRedis()
  admin = new Redis(server.url)
})
after(async () => {
  admin.disconnect()
  await server.stop()
})

/** What a user with such rules is found to lack. */
async function missing(rules: string) {
  await admin.call('ACL', 'SETUSER', 'botyard', 'reset', 'on', '>pw', ...rules.split(' '))
  const url = server.url.replace('//', '//botyard:pw@')
  const redis = createRedis({ url, logger: capturedLog().logger, name: 'test', role: 'worker' })
  try {
    return await findMissingRights(redis)
  } finally {
    redis.disconnect()
  }
}

const none = { commands: [], keys: [], channels: [], wished: [] }

test('the documented user lacks nothing, and no key is left behind', async () => {
  assert.deepEqual(await missing(documented), none)
  assert.equal(await admin.dbsize(), 0)
})

test('a user without dangerous commands may do all that is needed', async () => {
  assert.deepEqual(await missing('~* &* +@all -@dangerous'), { ...none, wished: ['info', 'config'] })
})

test('keys and channels that are refused are named', async () => {
  assert.deepEqual(await missing(documented.replace('~{p*}* ', '')), { ...none, keys: ['{p*}*'] })
  assert.deepEqual(await missing(documented.replace('~botyard:* ', '')), { ...none, keys: ['botyard:*'] })
  assert.deepEqual(await missing(documented.replace('&botyard:* ', '')), { ...none, channels: ['botyard:*'] })
})

/** What no connection can do without, what the client falls back to, or what only a cluster needs. */
const unprobed =
  /^\+(hello|auth|select|quit|discard|evalsha|unsubscribe|asking|readonly|readwrite|(client|cluster|script)\|(setname|slots|info|load))$/

test('each command of the documented user is needed, and named if it is refused', async () => {
  const rules = documented.split(' ')
  for (const rule of rules.filter(rule => rule.startsWith('+') && !unprobed.test(rule))) {
    const [command] = rule.slice(1).split('|')
    const found = await missing(rules.filter(each => each !== rule).join(' '))
    const list = command === 'info' || command === 'config' ? 'wished' : 'commands'
    assert.deepEqual(found, { ...none, [list]: [command] }, rule)
  }
})
