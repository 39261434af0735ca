import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters } from '../../src/index.ts'
import { webhookRequest } from '../webhook-request.ts'

const space = { name: 'spaces/A' }
const user = { name: 'users/12345678901234567890' }
const eventTime = '2026-01-05T10:00:00.000Z'
const message = { name: 'spaces/A/messages/B', thread: { name: 'spaces/A/threads/T' }, text: 'hi', sender: user }

function normalise(event: object) {
  const [only] = adapters['google-chat'].normalise(webhookRequest(JSON.stringify(event)))
  assert.ok(only)
  const { raw, ...facts } = only
  return facts
}

function classic(type: string, more: object = {}) {
  return normalise({ type, eventTime, space, user, ...more })
}

function push(type: string, data: object, more: object = {}) {
  return normalise({
    message: {
      attributes: { 'ce-type': `google.workspace.chat.${type}`, 'ce-time': eventTime },
      data: Buffer.from(JSON.stringify(data)).toString('base64'),
      messageId: '17',
      ...more,
    },
    subscription: 'projects/p/subscriptions/s',
  })
}

test('a message is the same in both formats: its name is its id, its thread the place of the answer', () => {
  const expected = {
    id: message.name,
    kind: 'message',
    conversation: 'spaces/A',
    user: user.name,
    text: 'hi',
    sentAtMs: Date.parse(eventTime),
    route: { thread: 'spaces/A/threads/T' },
  }

  assert.deepEqual(classic('MESSAGE', { message }), expected)
  assert.deepEqual(normalise({ chat: { user, eventTime, messagePayload: { space, message } } }), expected)
})

test('the mention of the app is not part of the text; the name of a slash command is', () => {
  const mentioned = { ...message, text: '@App /help me', argumentText: ' /help me' }
  const slash = { ...message, text: '/help me', argumentText: ' me', slashCommand: { commandId: '1' } }

  for (const given of [mentioned, slash]) {
    const { kind, text } = classic('MESSAGE', { message: given })

    assert.deepEqual([kind, text], ['command', '/help me'])
  }
})

test('a pressed button names its function and its message, and is told from the same button pressed later', () => {
  const clicked = { message, common: { invokedFunction: 'approve' } }
  const pressed = classic('CARD_CLICKED', clicked)
  const inAddOn = normalise({
    commonEventObject: { invokedFunction: 'approve' },
    chat: { user, eventTime, buttonClickedPayload: { space, message } },
  })

  for (const { kind, text, route } of [pressed, inAddOn]) {
    assert.deepEqual([kind, text, route?.message], ['button', 'approve', message.name])
  }
  assert.notEqual(pressed.id, classic('CARD_CLICKED', { ...clicked, eventTime: '2026-01-05T10:00:01.000Z' }).id)
  assert.equal(pressed.id, classic('CARD_CLICKED', clicked).id)
  assert.notEqual(pressed.id, message.name)
})

test('kinds: commands without a message, dialogs, menus, memberships, and what nobody knows yet', () => {
  const quick = classic('APP_COMMAND', { appCommandMetadata: { appCommandId: 7 } })
  assert.deepEqual([quick.kind, quick.text], ['command', '/7'])
  assert.equal(classic('CARD_CLICKED', { dialogEventType: 'SUBMIT_DIALOG' }).kind, 'modal')
  assert.equal(classic('WIDGET_UPDATED').kind, 'autocomplete')
  assert.equal(classic('ADDED_TO_SPACE').kind, 'membership')
  assert.equal(classic('HOLOGRAM').kind, 'other')
  assert.equal(normalise({ chat: { hologramPayload: { space } } }).conversation, 'spaces/A')
  assert.equal(normalise({ chat: {} }).conversation, 'bot')
  assert.equal(normalise({ type: 'HOLOGRAM', user }).conversation, `user:${user.name}`)
})

test('Workspace events come by Pub/Sub under its id, and what an app posted is no message to answer', () => {
  const created = push('message.v1.created', { message: { ...message, space } })
  assert.deepEqual([created.id, created.kind, created.text], ['17', 'message', 'hi'])

  const own = { ...message, space, sender: { name: 'users/1', type: 'BOT' } }
  assert.equal(push('message.v1.created', { message: own }).kind, 'other')
  assert.equal(push('message.v1.updated', { message }).kind, 'edit')
  assert.equal(push('message.v1.deleted', { message }).kind, 'other')
  const membership = { name: 'spaces/A/members/1', member: user }
  const joined = push('membership.v1.created', { membership })
  assert.deepEqual([joined.kind, joined.conversation, joined.user], ['membership', 'spaces/A', user.name])
  assert.equal(push('message.v1.created', {}, { data: '%%%' }).conversation, 'bot')
})

test('only dialogs and menus wait for the handler, all with defer: none, and Pub/Sub never', () => {
  const answer = (update: object, defer?: 'none') =>
    adapters['google-chat'].answer?.([{ ...update, raw: Buffer.alloc(0) } as never], defer ? { defer } : {})
  const now = { now: { status: 200, body: '{}' } }
  const wait = { wait: true, fallback: { status: 200, body: '{}' } }

  assert.deepEqual(answer(classic('MESSAGE', { message })), now)
  assert.deepEqual(answer(classic('MESSAGE', { message }), 'none'), wait)
  assert.deepEqual(answer(classic('WIDGET_UPDATED')), wait)
  assert.deepEqual(answer(push('message.v1.created', { message }), 'none'), now)
})

test('what is no event of any format is refused by path', () => {
  for (const [body, path] of [
    ['{}', '/type'],
    ['{"type":5}', '/type'],
    ['[]', ''],
    ['{"chat":null}', '/type'],
  ] as const) {
    const refused = () => adapters['google-chat'].normalise(webhookRequest(body))

    assert.throws(refused, { code: 'GTW_INVALID_UPDATE', path }, body)
  }
})
