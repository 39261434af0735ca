import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BotIdentity } from '@botyard/queue-contracts'
import { adapters } from '../../src/index.ts'
import { webhookRequest } from '../http/webhook-request.ts'

const self = { user: '123', name: 'shop_bot' }
const ada = { id: 5, is_bot: false, first_name: 'Ada' }
const group = { id: -1001, type: 'supergroup', title: 'G' }
const privateChat = { id: 5, type: 'private' }

function normalise(field: string, payload: object, identity: BotIdentity | undefined = self) {
  const body = JSON.stringify({ update_id: 9, [field]: { message_id: 1, date: 100, ...payload } })
  const [only] = adapters.telegram.normalise(webhookRequest(body), identity)
  assert.ok(only)
  return only
}

function kindOf(text: string, more: object = {}, identity?: BotIdentity) {
  return normalise('message', { chat: group, from: ada, text, ...more }, identity ?? self).kind
}

test('a command for another bot is none of this bot’s; its own name counts in any case', () => {
  assert.equal(kindOf('/start@OtherBot now'), 'other')
  assert.equal(kindOf('/start@OtherBot now', { chat: privateChat }), 'message')
  for (const text of ['/start', '/start@shop_bot', '/start@Shop_Bot now'])
    assert.equal(kindOf(text), 'command', text)
})

test('while the bot’s name is not known, every command is its own', () => {
  for (const identity of [{}, { user: '123' }])
    assert.equal(kindOf('/start@OtherBot', {}, identity), 'command')
})

test('a command for another bot in a caption is as little for this one', () => {
  const photo = normalise('message', { chat: group, from: ada, caption: '/scan@OtherBot', photo: [] })

  assert.equal(photo.kind, 'other')
})

test('a command that is quoted as code is a message: Telegram marks those that were given', () => {
  const marked = { type: 'bot_command', offset: 0, length: 6 }

  assert.equal(kindOf('/start it', { entities: [{ type: 'code', offset: 0, length: 9 }] }), 'message')
  assert.equal(kindOf('/start it', { entities: [{ type: 'bold', offset: 0, length: 6 }, marked] }), 'command')
  assert.equal(kindOf('/start /go', { entities: [{ ...marked, offset: 7, length: 3 }] }), 'message')
  const caption = {
    text: undefined,
    caption: '/a',
    entities: undefined,
    caption_entities: [{ type: 'pre', offset: 0 }],
  }
  assert.equal(kindOf('', caption), 'message')
})

test('what a business account sent is not for the bot to answer, be it typed by its owner or by the bot', () => {
  const sent = {
    chat: { id: 42, type: 'private' },
    business_connection_id: 'bc1',
    from: { ...ada, id: 900 },
    text: '/x',
  }

  for (const field of ['business_message', 'edited_business_message']) {
    assert.equal(normalise(field, sent).kind, 'other')
    assert.equal(
      normalise(field, { ...sent, from: { ...ada, id: 42 }, sender_business_bot: ada }).kind,
      'other',
    )
  }
  assert.equal(normalise('business_message', { ...sent, from: { ...ada, id: 42 } }).kind, 'command')
})

test('what happened by the bot itself is no message to it', () => {
  const pinned = { chat: group, from: { id: 123, is_bot: true }, pinned_message: {} }

  assert.equal(normalise('message', pinned).kind, 'other')
  assert.equal(normalise('message', pinned, {}).fromBot, true)
})

test('the channel’s side of its direct messages is not for the bot to answer', () => {
  const topic = {
    chat: { id: -1009, type: 'supergroup' },
    direct_messages_topic: { topic_id: 5, user: ada },
    text: 'hi',
  }

  assert.equal(normalise('message', { ...topic, from: ada }).kind, 'message')
  assert.equal(normalise('message', { ...topic, from: { ...ada, id: 6 } }).kind, 'other')
  assert.equal(normalise('message', { ...topic, sender_chat: { id: -1007 } }).kind, 'other')
})

test('placeholder users are nobody, and no bots, wherever they act', () => {
  for (const id of [1087968824, 136817688, 777000]) {
    const from = { id, is_bot: true, first_name: 'Group' }
    for (const payload of [
      { chat: group, from, sender_chat: group, text: 'count' },
      { chat: group, from, text: 'count' },
    ]) {
      const update = normalise('message', payload)

      assert.deepEqual(
        [update.kind, update.user, update.fromBot],
        ['message', undefined, undefined],
        String(id),
      )
    }
    assert.equal(normalise('chat_member', { chat: group, from }).user, undefined)
  }
})

test('another bot is told from a person', () => {
  const from = { id: 124, is_bot: true, first_name: 'Other' }

  assert.equal(normalise('message', { chat: group, from, text: 'hi' }).fromBot, true)
  assert.equal(normalise('message', { chat: group, from: ada, via_bot: from, text: 'hi' }).fromBot, undefined)
})

test('the type of an event is the field of the update, known or not, if it is a name at all', () => {
  const [odd] = adapters.telegram.normalise(webhookRequest('{"update_id":1,"a b":{}}'))

  assert.equal(normalise('message', { chat: group }).event, 'message')
  assert.equal(normalise('hologram', { chat: group }).event, 'hologram')
  assert.equal(adapters.telegram.events?.has('hologram'), false)
  assert.equal(odd?.event, undefined)
})
