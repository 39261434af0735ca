import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { callResponseContext, encodeCallResponse } from '@botyard/queue-contracts'
import { createKeyring, createRedis } from '@botyard/service-kit'
import { startRedis } from '@botyard/testkit'
import { pino } from 'pino'
import { createCallWaiter, type WaitingCall } from '../src/call-waiter.ts'

const keyring = createKeyring({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } })
/** Longer than any test: such a wait ends by an answer. */
const long = 1e8

/** A waiter on a real Redis, and a worker's end of it. */
async function listening(t: { after(hook: () => unknown): void }) {
  const server = await startRedis()
  const warnings: string[] = []
  const logger = pino({ level: 'silent' })
  const told = pino({ base: null }, { write: line => warnings.push(JSON.parse(line).msg) })
  const connect = (role: 'commands' | 'subscriber') =>
    createRedis({ url: server.url, logger, name: 'test', role })
  const [redis, subscriber] = [connect('commands'), connect('subscriber')]
  for (const client of [redis, subscriber]) if (client.status !== 'ready') await once(client, 'ready')
  const waiter = createCallWaiter({ subscriber, keyring, logger: told })
  t.after(async () => {
    await waiter.close()
    redis.disconnect()
    subscriber.disconnect()
    await server.stop()
  })
  const listens = async () => {
    // Redis may be starting, and its client not back yet.
    while (((await redis.pubsub('CHANNELS').catch(() => [])) as string[]).length === 0) await delay(2)
  }
  await listens()
  const tell = ({ respond }: WaitingCall, envelope: Buffer, { id = respond.id, answered = true } = {}) =>
    redis.publish(respond.channel, encodeCallResponse({ id, answered }, envelope))
  return { server, redis, subscriber, waiter, warnings, listens, tell }
}

/** The keyed hash of the update that the calls brought. */
const update = randomBytes(16)
/** An answer to a call, as a worker seals it; `id` and `of` for an answer that was sealed for another. */
function sealed({ respond }: WaitingCall, json: string, { id = respond.id, of = update } = {}): Buffer {
  return keyring.seal(Buffer.from(json), callResponseContext({ channel: respond.channel, id }, of))
}
const nothing = Buffer.alloc(0)

test('an answer reaches the call that it is of, byte for byte', async t => {
  const { waiter, tell } = await listening(t)
  const [one, two] = [waiter.wait(update, long, '1'), waiter.wait(update, long, '2')]

  await tell(two, sealed(two, '{"n": 2.50, "t":"\\u00e4"}'))
  await tell(one, sealed(one, '{"n": 1}'))

  assert.deepEqual([await one.answer, await two.answer], ['{"n": 1}', '{"n": 2.50, "t":"\\u00e4"}'])
})

test('no answer in time, no answer at all, and a wait given up are all undefined', async t => {
  const { waiter, tell } = await listening(t)
  const [late, ended, cancelled] = [
    waiter.wait(update, 1, '1'),
    waiter.wait(update, long, '2'),
    waiter.wait(update, long, '3'),
  ]

  await tell(ended, nothing, { answered: false })
  cancelled.cancel()

  assert.deepEqual(await Promise.all([late.answer, ended.answer, cancelled.answer]), [
    undefined,
    undefined,
    undefined,
  ])
})

test('a second answer, and one for a call that is over or never was, change nothing', async t => {
  const { waiter, tell, warnings } = await listening(t)
  const [first, next] = [waiter.wait(update, long, '1'), waiter.wait(update, long, '2')]

  await tell(first, sealed(first, '"first"'))
  await tell(first, sealed(first, '"second"'))
  await tell(first, sealed(first, '"for nobody"', { id: '9' }), { id: '9' })
  await tell(next, sealed(next, '"next"'))

  assert.deepEqual([await first.answer, await next.answer], ['"first"', '"next"'])
  assert.deepEqual(warnings, [])
})

test('what is not readable, or sealed for another call, is no answer and is told in the log', async t => {
  const { redis, waiter, tell, warnings } = await listening(t)
  const call = waiter.wait(update, long, '1')

  await redis.publish(call.respond.channel, 'hello')
  await tell(call, sealed(call, '"of another call"', { id: '2' }))
  await tell(call, sealed(call, '"of another update"', { of: randomBytes(16) }))
  await tell(call, Buffer.from('not sealed'))
  await tell(call, sealed(call, '"the answer"'))

  assert.equal(await call.answer, '"the answer"')
  assert.deepEqual(warnings, Array(4).fill('answer of a handler not readable, fallback instead'))
})

test('it listens again after Redis was gone, and on the channel that waiting calls have named', async t => {
  const { server, waiter, listens, tell } = await listening(t)
  const before = waiter.wait(update, long, '1')

  await server.kill()
  const during = waiter.wait(update, long, '2')
  await server.restart()
  await listens()
  await tell(before, sealed(before, '"before"'))
  await tell(during, sealed(during, '"during"'))

  assert.deepEqual([await before.answer, await during.answer], ['"before"', '"during"'])
})

test('closing ends all waits and the listening, and leaves the client to its owner', async t => {
  const { redis, subscriber, waiter } = await listening(t)
  const call = waiter.wait(update, long, '1')

  await waiter.close()

  assert.equal(await call.answer, undefined)
  assert.deepEqual(await redis.pubsub('CHANNELS'), [])
  assert.equal(subscriber.status, 'ready')
  assert.equal(subscriber.listenerCount('messageBuffer'), 0)
})
