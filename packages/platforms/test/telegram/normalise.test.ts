import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Update } from '@grammyjs/types'
import { adapters } from '../../src/index.ts'
import { webhookRequest } from '../http/webhook-request.ts'

const user = { id: 42, is_bot: false, first_name: 'Ada' } as const
const group = { id: -1001, type: 'supergroup', title: 'Engines' } as const

/** Partial, because the official types also demand fields that no test looks at. */
function normalise(update: { [K in keyof Update]?: Update[K] extends infer P ? Partial<P> : never }) {
  const [only] = adapters.telegram.normalise(webhookRequest(JSON.stringify({ update_id: 9, ...update })))
  assert.ok(only)
  const { raw, event, ...facts } = only
  return facts
}

function message(text: string) {
  return normalise({ message: { message_id: 1, date: 100, chat: group, from: user, text } })
}

test('a text that begins with a command is of kind command', () => {
  for (const text of ['/start', '/start@Some_Bot', '/start with arguments', '/HELP\nme', '/a']) {
    assert.equal(message(text).kind, 'command', text)
  }
})

test('a text that only looks like a command is a message', () => {
  for (const text of [
    '/',
    '/etc/passwd',
    ' /start',
    '/start!',
    '/ start',
    '//',
    `/${'a'.repeat(33)}`,
    '/naïve',
  ]) {
    assert.equal(message(text).kind, 'message', text)
  }
})

test('a caption is the text of a photo, and may be a command', () => {
  const photo = normalise({
    message: { message_id: 1, date: 100, chat: group, from: user, caption: '/scan' },
  })

  assert.equal(photo.text, '/scan')
  assert.equal(photo.kind, 'command')
})

test('an edited command is an edit: it must not run twice', () => {
  const edited = normalise({
    edited_message: { message_id: 1, date: 100, edit_date: 160, chat: group, from: user, text: '/pay' },
  })

  assert.equal(edited.kind, 'edit')
  assert.equal(edited.sentAtMs, 160_000)
})

test('a pressed button belongs to the chat of its message, and has no time of its own', () => {
  const pressed = normalise({
    callback_query: {
      id: '1',
      from: user,
      chat_instance: '1',
      data: '/start',
      message: { chat: group, message_id: 5, date: 0 },
    },
  })

  assert.deepEqual(pressed, {
    id: '9',
    kind: 'button',
    conversation: '-1001',
    user: '42',
    text: '/start',
    route: { message: '5', callback_query_id: '1' },
  })
})

test('a message of a topic or of a business account names it, so that the answer goes there too', () => {
  const posted = { message_id: 1, date: 100, chat: group, from: user, text: 'hi', message_thread_id: 77 }

  assert.deepEqual(normalise({ message: { ...posted, is_topic_message: true } }).route, {
    message_thread_id: '77',
  })
  // The thread of a reply in a group without topics: nothing can be sent to it.
  assert.equal(normalise({ message: posted }).route, undefined)
  assert.deepEqual(
    normalise({
      business_message: {
        ...posted,
        chat: { id: 42, type: 'private', first_name: 'Ada' },
        business_connection_id: 'b1',
      },
    }).route,
    {
      business_connection_id: 'b1',
    },
  )
})

test('a button under an inline message names that message: there is no chat', () => {
  const pressed = normalise({
    callback_query: { id: '1', from: user, chat_instance: '1', data: 'd', inline_message_id: 'AgA' },
  })

  assert.deepEqual(pressed.route, { inline_message_id: 'AgA', callback_query_id: '1' })
})

test('a member who leaves is of kind membership in the chat', () => {
  const left = normalise({ my_chat_member: { chat: group, from: user, date: 100 } })

  assert.deepEqual(left, {
    id: '9',
    kind: 'membership',
    conversation: '-1001',
    user: '42',
    sentAtMs: 100_000,
  })
})

test('a reaction names its user, an anonymous one nobody', () => {
  assert.equal(normalise({ message_reaction: { chat: group, user, date: 100 } }).user, '42')
  assert.equal(normalise({ message_reaction: { chat: group, actor_chat: group, date: 100 } }).user, undefined)
})

test('a vote belongs to the voter, be it a user or a chat', () => {
  assert.equal(normalise({ poll_answer: { poll_id: '7', user } }).conversation, 'user:42')
  assert.equal(normalise({ poll_answer: { poll_id: '7', voter_chat: group } }).conversation, '-1001')
  assert.equal(normalise({ poll_answer: { poll_id: '7' } }).conversation, 'poll:7')
})

test('a conversation without a chat can never be taken for a chat', () => {
  const byUser = normalise({ inline_query: { id: '1', from: user, query: '', offset: '' } }).conversation
  const byPoll = normalise({ poll: { id: '42' } }).conversation

  assert.equal(new Set([byUser, byPoll, '42']).size, 3)
})

test('a kind that nobody knows yet is other, in the chat or by the user it names', () => {
  const futures: [object, string, string?][] = [
    [{ hologram: { chat: group, from: user, text: 5 } }, '-1001', '42'],
    [{ hologram: { from: user, message: { chat: group } } }, '-1001', '42'],
    [{ hologram: { user } }, 'user:42', '42'],
    [{ hologram: { chat: 'a string by then' } }, 'bot'],
    [{ hologram: 1 }, 'bot'],
    [{}, 'bot'],
  ]
  for (const [update, conversation, userId] of futures) {
    const facts = normalise(update)

    assert.equal(facts.kind, 'other')
    assert.equal(facts.conversation, conversation)
    assert.equal(facts.user, userId)
  }
})
