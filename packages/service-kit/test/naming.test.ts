import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import test from 'node:test'
import fc from 'fast-check'
import { createNaming } from '../src/index.ts'

const key = Buffer.alloc(32, 7)
const naming = createNaming(key)
const bots = fc.constantFrom('echo', 'ech', 'echo-2')
const ids = fc.string({ unit: 'binary', minLength: 1 })

test('a name is the HMAC of its parts and never changes between releases', () => {
  const hmac = (message: string) => createHmac('sha256', key).update(message).digest().subarray(0, 16)

  assert.equal(
    naming.conversation('echo', 'telegram', '-100123'),
    `echo/${hmac('conversation\0echo\0telegram\0-100123').toString('base64url')}`,
  )
  assert.equal(
    naming.user('echo', 'telegram', '42'),
    hmac('user\0echo\0telegram\x0042').toString('base64url'),
  )
  assert.deepEqual(naming.update('echo', '42'), hmac('update\0echo\x0042'))
  assert.equal(naming.conversation('echo', 'telegram', '-100123'), 'echo/OoLp_Udnsm3dVFVij6MNMw')
})

test('a name is an HMAC for ids of every length and alphabet', () => {
  const hmac = (message: string) => createHmac('sha256', key).update(message).digest().subarray(0, 16)
  const long = fc.string({ unit: 'binary', minLength: 300, maxLength: 1200 })

  fc.assert(
    fc.property(fc.oneof(ids, long), id => {
      assert.deepEqual(naming.update('echo', id), hmac(`update\0echo\0${id}`))
    }),
  )
})

test('the same parts have the same name, in this process and in another one', () => {
  const other = createNaming(Buffer.from(key))

  fc.assert(
    fc.property(bots, ids, (bot, id) => {
      assert.equal(naming.conversation(bot, 'telegram', id), naming.conversation(bot, 'telegram', id))
      assert.equal(naming.conversation(bot, 'telegram', id), other.conversation(bot, 'telegram', id))
      assert.equal(naming.user(bot, 'telegram', id), other.user(bot, 'telegram', id))
      assert.deepEqual(naming.update(bot, id), other.update(bot, id))
    }),
  )
})

test('names have a fixed shape, whatever the id', () => {
  fc.assert(
    fc.property(bots, ids, (bot, id) => {
      assert.match(naming.conversation(bot, 'custom', id), new RegExp(`^${bot}/[A-Za-z0-9_-]{22}$`))
      assert.match(naming.user(bot, 'custom', id), /^[A-Za-z0-9_-]{22}$/)
      assert.equal(naming.update(bot, id).length, 16)
    }),
  )
})

test('other bots, platforms, ids, kinds and keys have other names', () => {
  const names = new Set<string>()
  const other = createNaming(Buffer.alloc(32, 8))
  for (const { conversation, user, update } of [naming, other]) {
    for (const bot of ['a', 'b']) {
      for (const id of ['1', '2', 'a\x001', '']) {
        names.add(update(bot, id).toString('base64url'))
        for (const platform of ['telegram', 'custom'] as const) {
          names.add(conversation(bot, platform, id).slice(2))
          names.add(user(bot, platform, id))
        }
      }
    }
  }

  assert.equal(names.size, 2 * 2 * 4 * (1 + 2 * 2))
})

test('a name stays the same when it has been forgotten in between', () => {
  const first = naming.conversation('echo', 'telegram', 'first')

  for (let id = 0; id < 110_000; id++) naming.conversation('echo', 'telegram', String(id))

  assert.equal(naming.conversation('echo', 'telegram', 'first'), first)
})
