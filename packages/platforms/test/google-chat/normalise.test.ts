import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BotIdentity } from '@botyard/queue-contracts'
import { adapters } from '../../src/index.ts'
import { webhookRequest } from '../http/webhook-request.ts'

const space = { name: 'spaces/A' }
const user = { name: 'users/12345678901234567890' }
const eventTime = '2026-01-05T10:00:00.000Z'
const message = {
  name: 'spaces/A/messages/B',
  thread: { name: 'spaces/A/threads/T' },
  text: 'hi',
  sender: user,
}

function normalise(event: object, self?: BotIdentity) {
  const [only] = adapters['google-chat'].normalise(webhookRequest(JSON.stringify(event)), self)
  assert.ok(only)
  const { raw, event: _type, ...facts } = only
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
  assert.notEqual(
    pressed.id,
    classic('CARD_CLICKED', { ...clicked, eventTime: '2026-01-05T10:00:01.000Z' }).id,
  )
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

test('Workspace events come by Pub/Sub, messages under their own name, and what an app posted is not to answer', () => {
  const created = push('message.v1.created', { message: { ...message, space } })
  assert.deepEqual([created.id, created.kind, created.text], [message.name, 'message', 'hi'])

  const own = { ...message, space, sender: { name: 'users/1', type: 'BOT' } }
  for (const type of ['message.v1.created', 'message.v1.updated']) {
    const { kind, fromBot } = push(type, { message: own })
    assert.deepEqual([kind, fromBot], ['other', true])
  }
  assert.equal(push('message.v1.updated', { message }).kind, 'edit')
  assert.equal(push('message.v1.deleted', { message }).kind, 'other')
  const membership = { name: 'spaces/A/members/1', member: user }
  const joined = push('membership.v1.created', { membership })
  assert.deepEqual([joined.kind, joined.conversation, joined.user], ['membership', 'spaces/A', user.name])
  assert.equal(push('message.v1.created', {}, { data: '%%%' }).conversation, 'bot')
})

test('only what the call alone can answer waits for the handler, all with defer: none, and Pub/Sub never', () => {
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

const slash = { type: 'SLASH_COMMAND', slashCommand: { commandName: '/help', commandId: '1' } }
const appMention = {
  type: 'USER_MENTION',
  length: 4,
  userMention: { user: { name: 'users/9', type: 'BOT' } },
}

test('a slash command has its name and its arguments, in whichever format it comes', () => {
  const appCommandMetadata = { appCommandId: 1, appCommandType: 'SLASH_COMMAND' }
  const whole = {
    ...message,
    text: '/help me',
    argumentText: ' me',
    slashCommand: { commandId: '1' },
    annotations: [slash],
  }
  const cut = { ...message, text: 'me', argumentText: 'me', annotations: [slash] }
  const inAddOn = (payload: object) =>
    normalise({ chat: { user, appCommandPayload: { appCommandMetadata, space, message: payload } } })

  for (const { kind, text } of [
    classic('MESSAGE', { appCommandMetadata, message: whole }),
    classic('APP_COMMAND', { appCommandMetadata, message: whole }),
    classic('MESSAGE', { message: cut }),
    inAddOn(whole),
    inAddOn(cut),
    push('message.v1.created', { message: whole }),
  ]) {
    assert.deepEqual([kind, text], ['command', '/help me'])
  }
  assert.equal(
    classic('MESSAGE', { message: { ...whole, text: '/help', argumentText: undefined } }).text,
    '/help',
  )
  assert.equal(classic('MESSAGE', { message: { ...whole, annotations: undefined } }).text, '/help me')
})

test('a slash command of another app is not this one’s', () => {
  const foreign = { ...slash, slashCommand: { ...slash.slashCommand, bot: { name: 'users/8' } } }
  const data = {
    type: 'MESSAGE',
    space,
    user,
    message: { ...message, text: '/help', annotations: [foreign] },
  }

  assert.equal(normalise(data, { user: 'users/9' }).kind, 'other')
  assert.equal(normalise(data, { user: 'users/8' }).kind, 'command')
  assert.equal(normalise(data).kind, 'command')
})

test('a bare mention says nothing, and a mention without argumentText is cut out all the same', () => {
  const mentioned = (text: string, more: object = {}) =>
    classic('MESSAGE', { message: { ...message, text, annotations: [appMention], ...more } })

  assert.equal(mentioned('@App').text, '')
  assert.equal(mentioned('@App hi').text, 'hi')
  assert.deepEqual([mentioned('@App /help').kind, mentioned('@App /help').text], ['command', '/help'])
  const later = { ...appMention, startIndex: 3 }
  assert.equal(mentioned('hi @App', { annotations: [later] }).text, 'hi')
  const ada = { ...appMention, userMention: { user } }
  assert.equal(mentioned('@Ada hi', { annotations: [ada] }).text, '@Ada hi')
})

test('one message is one update, be it an interaction, an event of Workspace or both', () => {
  const ids = [
    classic('MESSAGE', { message }).id,
    normalise({ chat: { user, eventTime, messagePayload: { space, message } } }).id,
    push('message.v1.created', { message }).id,
    push('message.v1.batchCreated', { messages: [{ message }] }).id,
  ]

  assert.deepEqual(new Set(ids), new Set([message.name]))
  // Without the resource's data the event must not stand for the message: it does not say what the message
  // says.
  const named = push('message.v1.created', { message: { name: message.name } })
  assert.deepEqual([named.id, named.kind, named.user], ['17', 'other', undefined])
  assert.equal(push('message.v1.updated', { message }).id, '17')
})

test('a batch of Workspace is one update for each of its events, and each is as if it had come alone', () => {
  const names = ['spaces/A/members/1', 'spaces/A/members/2']
  const memberships = names.map((name, n) => ({ membership: { name, member: { name: `users/${n}` } } }))
  const data = Buffer.from(JSON.stringify({ memberships })).toString('base64')
  const attributes = { 'ce-type': 'google.workspace.chat.membership.v1.batchCreated' }
  const body = { message: { attributes, data, messageId: '17' }, subscription: 'projects/p/subscriptions/s' }

  const updates = adapters['google-chat'].normalise(webhookRequest(JSON.stringify(body)))

  assert.deepEqual(
    updates.map(({ id, kind, conversation, user }) => [id, kind, conversation, user]),
    [
      ['17.0', 'membership', 'spaces/A', 'users/0'],
      ['17.1', 'membership', 'spaces/A', 'users/1'],
    ],
  )
  for (const [n, { raw }] of updates.entries()) {
    const own = JSON.parse(Buffer.from(raw).toString())
    assert.deepEqual(JSON.parse(Buffer.from(own.message.data, 'base64').toString()), memberships[n])
    assert.deepEqual({ ...own, message: { ...own.message, data } }, body)
  }
  const none = {
    ...body,
    message: { ...body.message, data: Buffer.from('{"memberships":[]}').toString('base64') },
  }
  assert.deepEqual(adapters['google-chat'].normalise(webhookRequest(JSON.stringify(none))), [])
})

test('who used a card is never taken from its message', () => {
  const card = { ...message, sender: { name: 'users/9', type: 'BOT' } }

  for (const type of ['CARD_CLICKED', 'WIDGET_UPDATED', 'SUBMIT_FORM', 'REMOVED_FROM_SPACE']) {
    const { user: who, fromBot } = normalise({ type, space, message: card })
    assert.deepEqual([who, fromBot], [undefined, undefined], type)
  }
  assert.equal(normalise({ chat: { buttonClickedPayload: { space, message: card } } }).user, undefined)
  assert.equal(normalise({ type: 'MESSAGE', space, message }).user, user.name)
})

test('a link that Chat asks a preview of is no message to the app, unless it was said to the app', () => {
  const linked = { ...message, text: 'https://a.example/1', matchedUrl: { url: 'https://a.example/1' } }
  const asked = classic('MESSAGE', { message: linked })

  assert.deepEqual([asked.kind, asked.route?.preview], ['other', 'https://a.example/1'])
  assert.notEqual(asked.id, push('message.v1.created', { message: linked }).id)
  assert.equal(classic('MESSAGE', { message: { ...linked, annotations: [appMention] } }).kind, 'message')
  assert.equal(
    classic('MESSAGE', { message: linked, space: { ...space, spaceType: 'DIRECT_MESSAGE' } }).kind,
    'message',
  )
})

test('dialogs, previews and the home page wait for the handler: nothing but its answer shows them', () => {
  const answer = (event: object) =>
    adapters['google-chat'].answer?.(
      adapters['google-chat'].normalise(webhookRequest(JSON.stringify(event))),
      {},
    )
  const base = { eventTime, space, user }
  const linked = { ...message, matchedUrl: { url: 'https://a.example/1' } }

  for (const waiting of [
    { type: 'APP_HOME', ...base },
    { type: 'CARD_CLICKED', ...base, dialogEventType: 'REQUEST_DIALOG' },
    { type: 'APP_COMMAND', ...base, dialogEventType: 'REQUEST_DIALOG' },
    { type: 'MESSAGE', ...base, message: linked },
  ]) {
    assert.deepEqual(answer(waiting), { wait: true, fallback: { status: 200, body: '{}' } }, waiting.type)
  }
  assert.deepEqual(answer({ type: 'CARD_CLICKED', ...base }), { now: { status: 200, body: '{}' } })
})
