import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { OutboundMessage } from '@botyard/queue-contracts'
import { adapters } from '../../src/index.ts'
import { localServer } from '../http/local-server.ts'
import { webhookRequest } from '../http/webhook-request.ts'

const ada = { id: 5, is_bot: false, first_name: 'Ada' }
const direct = { id: -1009999, type: 'supergroup', is_direct_messages: true }
const topic = { topic_id: 5, user: ada }

/** The method and the parameters that an answer to this update becomes. */
async function answerTo(t: TestContext, update: object, answer: Partial<OutboundMessage>, withRoute = true) {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.end('{"ok":true,"result":{"message_id":1}}'),
  )
  const [only] = adapters.telegram.normalise(webhookRequest(JSON.stringify({ update_id: 9, ...update })))
  const { conversation, route } = only!
  const addressed = {
    id: '9.0',
    bot: 'b',
    platform: 'telegram' as const,
    conversation,
    receivedAtMs: 0,
    ...answer,
  }
  const message: OutboundMessage = withRoute && route ? { ...addressed, route } : addressed
  await adapters.telegram.send(message, { token: '1:a', apiRoot: origin }, options)
  const [call] = received
  return [call?.url.split('/').at(-1), JSON.parse(call?.body ?? 'null')]
}

const message = {
  message: { message_id: 5, chat: direct, from: ada, direct_messages_topic: topic, text: 'hello' },
}

test('people who write to a channel have a conversation each, and answers go to their own topic', async t => {
  const place = { chat_id: -1009999, direct_messages_topic_id: 5 }

  assert.deepEqual(await answerTo(t, message, { text: 'hi' }), ['sendMessage', { ...place, text: 'hi' }])
  assert.deepEqual(await answerTo(t, message, { action: 'typing' }), [
    'sendChatAction',
    { ...place, action: 'typing' },
  ])
  const native = { method: 'sendPhoto', photo: 'https://example.com/cat.jpg' }
  assert.deepEqual(await answerTo(t, message, { native }), ['sendPhoto', { ...place, photo: native.photo }])
  const pressed = { message_id: 8, chat: direct, direct_messages_topic: topic }
  const press = { callback_query: { id: 'q', from: ada, chat_instance: '1', data: 'x', message: pressed } }
  assert.deepEqual(await answerTo(t, press, { action: 'edit', text: 'new' }), [
    'editMessageText',
    { ...place, message_id: 8, text: 'new' },
  ])
})

test('the conversation alone says where to write: a broadcast has no route', async t => {
  const chat = { id: 42, type: 'private' }
  const business = {
    business_message: { message_id: 1, chat, from: { id: 42 }, business_connection_id: 'a:b', text: 'x' },
  }

  assert.deepEqual(await answerTo(t, message, { text: 'hi' }, false), [
    'sendMessage',
    { chat_id: -1009999, direct_messages_topic_id: 5, text: 'hi' },
  ])
  assert.deepEqual(await answerTo(t, business, { text: 'hi' }, false), [
    'sendMessage',
    { chat_id: 42, business_connection_id: 'a:b', text: 'hi' },
  ])
})

test('chats of two business accounts and of the bot are three conversations, whatever happens in them', () => {
  const chat = { id: 42, type: 'private' }
  const conversations = (business: string) =>
    ['business_message', 'edited_business_message', 'deleted_business_messages'].map(field => {
      const payload = { message_id: 1, chat, from: { id: 42 }, business_connection_id: business }
      const [only] = adapters.telegram.normalise(
        webhookRequest(JSON.stringify({ update_id: 1, [field]: payload })),
      )
      assert.deepEqual(only?.route, { business_connection_id: business })
      return only.conversation
    })

  assert.deepEqual(new Set([...conversations('b1'), ...conversations('b2'), '42']).size, 3)
})

test('what one user alone sees is answered for this user alone', async t => {
  const group = { id: -1001, type: 'supergroup' }
  const seen = { message_id: 0, ephemeral_message_id: 3, chat: group, receiver_user: ada }
  const press = { callback_query: { id: 'q', from: ada, chat_instance: '1', data: 'x', message: seen } }

  assert.deepEqual(
    await answerTo(t, { message: { ...seen, from: ada, text: '/balance' } }, { text: '7 €' }),
    ['sendMessage', { chat_id: -1001, ephemeral_message_parameters: { receiver_user_id: 5 }, text: '7 €' }],
  )
  assert.deepEqual(await answerTo(t, press, { text: '7 €' }), [
    'sendMessage',
    {
      chat_id: -1001,
      ephemeral_message_parameters: { receiver_user_id: 5, callback_query_id: 'q' },
      text: '7 €',
    },
  ])
  assert.deepEqual(await answerTo(t, press, { action: 'edit', text: '8 €' }), [
    'editEphemeralMessageText',
    { chat_id: -1001, receiver_user_id: 5, ephemeral_message_id: 3, text: '8 €' },
  ])
})

test('a guest answers by the query, and an answer that names no query is for the update’s', async t => {
  const guest = { message_id: 1, chat: { id: -1001 }, from: ada, guest_query_id: 'g' }
  const [method, parameters] = await answerTo(t, { guest_message: guest }, { text: 'hi' })

  assert.equal(method, 'answerGuestQuery')
  assert.equal(parameters.guest_query_id, 'g')
  assert.deepEqual(parameters.result.input_message_content, { message_text: 'hi' })
  const query = { pre_checkout_query: { id: 'q', from: ada } }
  assert.deepEqual(await answerTo(t, query, { native: { method: 'answerPreCheckoutQuery', ok: true } }), [
    'answerPreCheckoutQuery',
    { pre_checkout_query_id: 'q', ok: true },
  ])
})
