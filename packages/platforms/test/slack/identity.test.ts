import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BotIdentity } from '@botyard/queue-contracts'
import { adapters } from '../../src/index.ts'
import { webhookRequest } from '../http/webhook-request.ts'

const authorizations = [{ team_id: 'T1', user_id: 'UBOT', is_bot: true }]
const self: BotIdentity = { user: 'UBOT', bot: 'BBOT', app: 'A1' }

function read(
  event: object,
  { id = 'Ev1', self, ...around }: { id?: string; self?: BotIdentity } & object = {},
) {
  const body = {
    type: 'event_callback',
    team_id: 'T1',
    api_app_id: 'A1',
    authorizations,
    event_id: id,
    event,
    ...around,
  }
  return adapters.slack.normalise(webhookRequest(JSON.stringify(body)), self)[0]!
}

const message = {
  type: 'message',
  channel: 'C1',
  user: 'U1',
  text: '<@UBOT> where?',
  ts: '1.000100',
  event_ts: '1.000100',
}

test('a mention that comes as message and as app_mention is one update, whichever is first', () => {
  const asMessage = read(message, { id: 'Ev1' })
  const asMention = read({ ...message, type: 'app_mention' }, { id: 'Ev2' })

  assert.equal(asMention.id, asMessage.id)
  assert.equal(asMention.kind, asMessage.kind)
  assert.equal(asMention.conversation, asMessage.conversation)
  assert.deepEqual(asMention.route, asMessage.route)
})

test('two messages differ, and so do those of one time in two channels', () => {
  const ids = [read(message), read({ ...message, ts: '1.000200' }), read({ ...message, channel: 'C2' })].map(
    ({ id }) => id,
  )

  assert.equal(new Set(ids).size, 3)
})

test('edits, deletions, replies to a root and reactions have ids of their own', () => {
  const about = { channel: 'C1', ts: '1.000100' }
  const events = [
    {
      type: 'message',
      subtype: 'message_changed',
      ...about,
      message: { user: 'U1', text: 'b', ts: '1.000100' },
    },
    {
      type: 'message',
      subtype: 'message_deleted',
      ...about,
      previous_message: { user: 'U1', ts: '1.000100' },
    },
    { type: 'message', subtype: 'message_replied', ...about, message: { user: 'U1', ts: '1.000100' } },
    { type: 'reaction_added', user: 'U1', item: { type: 'message', ...about }, ts: '1.000100' },
  ]

  const ids = [read(message).id, ...events.map((event, n) => read(event, { id: `Ev${n}` }).id)]

  assert.deepEqual(ids.slice(1), ['Ev0', 'Ev1', 'Ev2', 'Ev3'])
})

test('what the bot itself wrote is other, told by any of its ids', () => {
  const kindOf = (event: object, self?: BotIdentity, around: object = {}) =>
    read(
      { type: 'message', channel: 'C1', text: 'hi', ts: '1.1', ...event },
      { ...(self && { self }), ...around },
    ).kind
  const nobody = { authorizations: undefined }

  assert.equal(kindOf({ user: 'UBOT' }, self, nobody), 'other')
  assert.equal(kindOf({ user: 'U7', bot_id: 'BBOT' }, self, nobody), 'other')
  assert.equal(kindOf({ user: 'U7', bot_id: 'B7', app_id: 'A1' }, self, { api_app_id: undefined }), 'other')
  assert.equal(kindOf({ subtype: 'bot_message', bot_id: 'BBOT' }, self), 'other')
  assert.equal(kindOf({ subtype: 'message_changed', message: { bot_id: 'BBOT', text: 'hi' } }, self), 'other')
})

test('a bot_message with nothing but a bot’s id is only a message where the bot’s own id is known to be another', () => {
  const said = { type: 'message', subtype: 'bot_message', channel: 'C1', text: 'hi', ts: '1.1', bot_id: 'B2' }
  const ofOtherTenant = { authorizations: [{ team_id: 'T2', user_id: 'UBOT2', is_bot: true }] }

  assert.equal(read(said).kind, 'other')
  assert.equal(read(said, { self: { user: 'UBOT', app: 'A1' } }).kind, 'other')
  assert.equal(read(said, { self, ...ofOtherTenant }).kind, 'other')
  const known = read(said, { self })
  assert.deepEqual([known.kind, known.fromBot, known.user], ['message', true, undefined])
})

test('messages of other apps are messages that say so; a person’s do not', () => {
  const said = { ...message, user: 'U7' }
  const bot = read({ ...said, bot_id: 'B7', app_id: 'A7', bot_profile: { app_id: 'A7' } }, { self })

  assert.deepEqual([bot.kind, bot.fromBot, bot.user], ['message', true, 'U7'])
  assert.equal(read(said, { self }).fromBot, undefined)
})

test('Slack’s own senders are no people', () => {
  for (const user of ['USLACKBOT', 'USLACK', 'UREVOKEDU']) {
    const { fromBot, user: author } = read({ ...message, user }, { self })
    assert.deepEqual([fromBot, author], [true, undefined], user)
  }
})

test('who deleted is not told, so it is the author; who replied and who edited is', () => {
  const at = { type: 'message', channel: 'C1', ts: '2.2' }
  const userOf = (event: object) => read({ ...at, ...event }).user

  const replies = [
    { user: 'U2', ts: '1.2' },
    { user: 'U3', ts: '1.3' },
  ]
  const root = { type: 'message', user: 'U1', ts: '1.1', thread_ts: '1.1' }
  assert.equal(
    userOf({ subtype: 'message_changed', message: { ...root, edited: { user: 'U2', ts: '2.2' } } }),
    'U2',
  )
  assert.equal(userOf({ subtype: 'message_changed', message: root }), 'U1')
  assert.equal(userOf({ subtype: 'message_replied', message: { ...root, replies } }), 'U3')
  assert.equal(userOf({ subtype: 'message_replied', message: root }), undefined)
  assert.equal(userOf({ subtype: 'message_deleted', previous_message: root }), 'U1')
})

test('what is left of a deleted root, and the title of an assistant’s thread, are no edits', () => {
  const changed = (message: object) =>
    read({ type: 'message', subtype: 'message_changed', channel: 'C1', ts: '2.2', message }).kind

  assert.equal(
    changed({ subtype: 'tombstone', user: 'USLACKBOT', text: 'This message was deleted.' }),
    'other',
  )
  assert.equal(changed({ subtype: 'assistant_app_thread', user: 'U9', text: 'New chat' }), 'other')
  assert.equal(changed({ subtype: 'file_share', user: 'U1', text: 'see' }), 'edit')
})
