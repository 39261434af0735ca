import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { type CallerOptions, createCaller } from '../../src/simulator/caller.ts'

interface Event {
  readonly chat: string
  readonly text: string
}

test('events that come together go in one call, each chat in order, up to the most of a call', async t => {
  const { caller, calls } = await build(t, { batch: { max: 3, gatherMs: 1 } })

  const events = ['a1', 'b1', 'a2', 'a3', 'b2'].map(text => ({ chat: text[0]!, text }))
  const deliveries = await Promise.all(events.map(event => caller.deliver(event)))

  assert.ok(deliveries.every(({ status }) => status === 'accepted'))
  assert.deepEqual(calls.map(call => call.texts).sort(), [
    ['a1', 'a2', 'a3'],
    ['b1', 'b2'],
  ])
})

test('a batch that failed comes again as it was, and tells what number of try it is', async t => {
  let failures = 2
  const { caller, calls } = await build(t, { batch: { max: 2, gatherMs: 1 } }, response => {
    response.statusCode = failures-- > 0 ? 500 : 200
    response.end()
  })

  await Promise.all([caller.deliver({ chat: 'a', text: 'a1' }), caller.deliver({ chat: 'b', text: 'b1' })])

  assert.deepEqual(calls, [
    { attempt: '1', texts: ['a1', 'b1'] },
    { attempt: '2', texts: ['a1', 'b1'] },
    { attempt: '3', texts: ['a1', 'b1'] },
  ])
})

test('an answer that the platform does not take for one is a failure, whatever its status', async t => {
  const { caller, calls } = await build(t, {
    accepts: ({ body }) => body === 'taken',
    retryDelaySeconds: () => undefined,
  })

  const { status, attempts } = await caller.deliver({ chat: 'a', text: 'a1' })

  assert.equal(status, 'gone')
  assert.equal(attempts[0]?.accepted, false)
  assert.equal(calls.length, 1)
})

test('after a lost answer the next call is known to be a duplicate', async t => {
  const { caller } = await build(t, { losesAnswer: () => true })

  const { attempts } = await caller.deliver({ chat: 'a', text: 'a1' })

  assert.deepEqual(
    attempts.map(({ outcome, duplicate }) => [outcome.kind, duplicate]),
    [
      ['answer-lost', false],
      ['answered', true],
    ],
  )
})

async function build(
  t: TestContext,
  options: Partial<CallerOptions<Event>>,
  answer: (response: ServerResponse) => void = response => response.end('ok'),
) {
  const calls: { attempt: string; texts: string[] }[] = []
  const server = createServer(async (request, response) => {
    const texts = JSON.parse((await request.toArray()).join('')) as string[]
    calls.push({ attempt: String(request.headers['x-attempt']), texts })
    answer(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const caller = createCaller<Event>({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    maxConnections: 2,
    queueOf: ({ chat }) => chat,
    request: (events, attempt) => ({
      headers: { 'x-attempt': String(attempt) },
      body: Buffer.from(JSON.stringify(events.map(({ text }) => text))),
    }),
    retryDelaySeconds: () => 0,
    ...options,
  })
  t.after(async () => {
    await caller.close()
    server.closeAllConnections()
    server.close()
  })
  return { caller, calls }
}
