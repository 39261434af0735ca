import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { createLatch } from '@botyard/testkit'
import type { Update } from '@grammyjs/types'
import { createUpdateBuilder, createWebhookCaller, type WebhookCallerOptions } from '../../src/index.ts'

test('an update is posted with the secret, as JSON, and a 2xx ends it', async t => {
  const { caller, requests } = await build(t, { secretToken: 'A_secret-1' })
  const update = createUpdateBuilder().message({ chat: 17, text: 'Hello' })

  const delivery = await caller.deliver(update)

  assert.equal(delivery.status, 'accepted')
  assert.equal(delivery.attempts.length, 1)
  assert.equal(requests[0]?.method, 'POST')
  assert.equal(requests[0]?.url, '/hooks/telegram/echo')
  assert.equal(requests[0]?.headers['x-telegram-bot-api-secret-token'], 'A_secret-1')
  assert.equal(requests[0]?.headers['content-type'], 'application/json')
  assert.deepEqual(requests[0]?.update, update)
})

test('a chat has one call in flight, many chats go side by side up to the connections', async t => {
  const latch = createLatch()
  const flying = new Map<number, number>()
  let max = 0
  const full = createLatch()
  const { caller, requests } = await build(t, { maxConnections: 5 }, async (update, response) => {
    const chat = update.message!.chat.id
    flying.set(chat, (flying.get(chat) ?? 0) + 1)
    assert.equal(flying.get(chat), 1)
    max = Math.max(max, flying.size)
    if (flying.size === 5) full.open()
    await latch.wait()
    flying.delete(chat)
    response.end()
  })
  const builder = createUpdateBuilder()

  const deliveries = [1, 2, 3, 4, 5, 6, 7, 1, 2, 1].map(chat =>
    caller.deliver(builder.message({ chat, text: 'x' })),
  )
  await full.wait()
  assert.equal(requests.length, 5)
  latch.open()
  await Promise.all(deliveries)

  assert.equal(max, 5)
  const ofChat1 = requests.map(request => request.update).filter(update => update.message?.chat.id === 1)
  assert.deepEqual(
    ofChat1.map(update => update.update_id),
    ofChat1.map(update => update.update_id).sort((a, b) => a - b),
  )
})

test('a failing update is redelivered until a 2xx and blocks its own chat only', async t => {
  let failures = 3
  const { caller, requests } = await build(t, { timeScale: 0.001 }, (update, response) => {
    if (update.message?.text === 'poison' && failures-- > 0) response.statusCode = 500
    response.end()
  })
  const builder = createUpdateBuilder()

  const poison = caller.deliver(builder.message({ chat: 1, text: 'poison' }))
  const behind = caller.deliver(builder.message({ chat: 1, text: 'behind' }))
  const beside = caller.deliver(builder.message({ chat: 2, text: 'beside' }))

  assert.equal((await beside).attempts.length, 1)
  assert.equal((await poison).attempts.length, 4)
  assert.equal((await behind).attempts.length, 1)
  assert.equal(requests.at(-1)?.update.message?.text, 'behind')
})

test('a connection lost without an answer counts as a failure', async t => {
  let resets = 1
  const { caller } = await build(t, {}, (_, response) => {
    if (resets-- > 0) response.socket!.resetAndDestroy()
    else response.end()
  })

  const delivery = await caller.deliver(createUpdateBuilder().message({ chat: 1, text: 'x' }))

  assert.deepEqual(
    delivery.attempts.map(({ outcome }) => outcome.kind),
    ['failed', 'answered'],
  )
})

test('no answer within the time-out counts as a failure', async t => {
  let silent = 1
  const { caller } = await build(t, { answerTimeoutMs: 30 }, (_, response) => {
    if (silent-- <= 0) response.end()
  })

  const { attempts } = await caller.deliver(createUpdateBuilder().message({ chat: 1, text: 'x' }))

  assert.deepEqual(attempts[0]?.outcome, { kind: 'failed', reason: 'UND_ERR_HEADERS_TIMEOUT' })
  assert.equal(attempts.length, 2)
})

test('a lost answer makes a second delivery of the same update', async t => {
  const { caller, requests } = await build(t, { losesAnswer: () => true })

  const delivery = await caller.deliver(createUpdateBuilder().message({ chat: 1, text: 'x' }))

  assert.equal(delivery.status, 'accepted')
  assert.deepEqual(
    delivery.attempts.map(({ outcome }) => outcome.kind),
    ['answer-lost', 'answered'],
  )
  assert.equal(requests.length, 2)
  assert.deepEqual(requests[0]?.update, requests[1]?.update)
})

test('an inline query is given up when its 30 seconds are over', async t => {
  const { caller } = await build(t, { timeScale: 0.001 }, (_, response) => {
    response.statusCode = 503
    response.end()
  })

  const delivery = await caller.deliver(createUpdateBuilder().inlineQuery({ from: 1, query: 'x' }))

  assert.equal(delivery.status, 'gone')
})

test('close gives up what waits for its next attempt', async t => {
  const failed = createLatch()
  const { caller } = await build(
    t,
    { onAttempt: ({ attempt }) => attempt === 2 && failed.open() },
    (_, response) => {
      response.statusCode = 503
      response.setHeader('retry-after', '0')
      if (failed.isOpen) response.setHeader('retry-after', '3600')
      response.end()
    },
  )

  const delivery = caller.deliver(createUpdateBuilder().message({ chat: 1, text: 'x' }))
  await failed.wait()
  await caller.close()

  assert.equal((await delivery).status, 'gone')
  assert.equal(caller.pending, 0)
})

type Answer = (update: Update, response: ServerResponse) => void | Promise<void>

async function build(
  t: TestContext,
  options: Omit<WebhookCallerOptions, 'url'>,
  answer: Answer = (_, response) => void response.end(),
) {
  const requests: (Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { update: Update })[] = []
  const server = createServer(async (request, response) => {
    const update = JSON.parse((await request.toArray()).join('')) as Update
    requests.push({ method: request.method!, url: request.url!, headers: request.headers, update })
    await answer(update, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/telegram/echo`
  const caller = createWebhookCaller({ ...options, url })
  t.after(async () => {
    await caller.close()
    server.closeAllConnections()
    server.close()
  })
  return { caller, requests }
}
