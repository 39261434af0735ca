import assert from 'node:assert/strict'
import { test } from 'node:test'
import { normaliseWhatsApp } from '../../src/whatsapp/normalise.ts'

const metadata = '"metadata" : {"display_phone_number":"15550783881","phone_number_id":"106540352242922"}'
const messageOf = (id: string, from: string) =>
  `{"from":"${from}","id":"${id}","timestamp":"1700000000","type":"text","text":{"body":"caf\\u00e9 \\/ 1.0"}}`

function normalise(body: string) {
  return normaliseWhatsApp({ body: Buffer.from(body) }).map(({ raw, ...update }) => ({
    ...update,
    raw: Buffer.from(raw).toString(),
  }))
}

function envelope(...values: string[]): string {
  const changes = values.map(value => `{"value":{${value}}, "field":"messages"}`)
  return `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[${changes}]}]}`
}

test('of a batch each event has the change with itself alone, byte for byte, and its own contact', () => {
  const [first, second] = [messageOf('wamid.A', '1'), messageOf('wamid.B', '2')]
  const status = '{"id":"wamid.C","status":"read","timestamp":"1700000001","recipient_id":"3", "n":1.50}'
  const contacts = '"contacts":[{"wa_id":"1","user_id":"US.1"} , {"wa_id":"2"}]'

  const updates = normalise(
    envelope(
      `"messaging_product":"whatsapp", ${metadata},${contacts},"messages":[${first}, ${second}],"statuses":[${status}]`,
    ),
  )

  const around = `{"value":{"messaging_product":"whatsapp",${metadata}`
  assert.deepEqual(
    updates.map(({ id, user, raw }) => ({ id, user, raw })),
    [
      {
        id: 'wamid.A',
        user: 'US.1',
        raw: `${around},"contacts":[{"wa_id":"1","user_id":"US.1"}],"messages":[${first}]}, "field":"messages"}`,
      },
      {
        id: 'wamid.B',
        user: '2',
        raw: `${around},"contacts":[{"wa_id":"2"}],"messages":[${second}]}, "field":"messages"}`,
      },
      {
        id: 'wamid.C:read',
        user: '3',
        raw: `${around},"contacts":[],"statuses":[${status}]}, "field":"messages"}`,
      },
    ],
  )
})

test('the only event of a change has the change as it stands', () => {
  const value = `"x" : [ 1 ],${metadata},"messages":[ ${messageOf('wamid.A', '1')} ]`

  assert.deepEqual(
    normalise(envelope(value)).map(({ raw }) => raw),
    [`{"value":{${value}}, "field":"messages"}`],
  )
})

test('in a group the conversation is the group, and each participant has a status of its own', () => {
  const message =
    '{"from":"1","group_id":"G==","id":"wamid.A","timestamp":"1700000000","type":"text","text":{"body":"hi"}}'
  const statusOf = (who: string) =>
    `{"id":"wamid.B","status":"read","recipient_type":"group","recipient_id":"G==","recipient_participant_id":"${who}"}`

  const updates = normalise(
    envelope(`${metadata},"messages":[${message}],"statuses":[${statusOf('1')},${statusOf('2')}]`),
  )

  assert.deepEqual(
    updates.map(({ id, kind, conversation, user }) => ({ id, kind, conversation, user })),
    [
      { id: 'wamid.A', kind: 'message', conversation: '106540352242922:group:G==', user: '1' },
      { id: 'wamid.B:read:1', kind: 'status', conversation: '106540352242922:group:G==', user: '1' },
      { id: 'wamid.B:read:2', kind: 'status', conversation: '106540352242922:group:G==', user: '2' },
    ],
  )
  assert.equal(updates[0]?.route?.to, undefined)
})

test('errors without a message are an update of the number; the same error later is another', () => {
  const bodyAt = (time: number) =>
    `{"entry":[{"id":"1","time":${time},"changes":[{"value":{${metadata},"errors":[{"code":130429}]},"field":"messages"}]}]}`
  const [first] = normalise(bodyAt(1_700_000_000))
  const [again] = normalise(bodyAt(1_700_000_000))
  const [later] = normalise(bodyAt(1_700_000_060))

  assert.equal(first?.kind, 'other')
  assert.equal(first.conversation, 'number:106540352242922')
  assert.equal(first.id, again?.id)
  assert.notEqual(first.id, later?.id)
})

test('a command is told by its text, and what is odd in one event is no reason to refuse the others', () => {
  const command = '{"from":"1","id":"wamid.A","type":"text","text":{"body":"/start now"}}'

  const updates = normalise(envelope(`${metadata},"messages":[null,7,{"type":{}},${command}]`))

  assert.deepEqual(
    updates.map(({ kind, text, conversation }) => ({ kind, text, conversation })),
    [
      ...Array.from({ length: 3 }, () => ({
        kind: 'other',
        text: undefined,
        conversation: 'number:106540352242922',
      })),
      { kind: 'command', text: '/start now', conversation: '106540352242922:1' },
    ],
  )
  assert.equal(new Set(updates.map(({ id }) => id)).size, 4)
})

const fieldOf = (field: string, value: string) =>
  `{"entry":[{"id":"1","changes":[{"field":"${field}","value":{${value}}}]}]}`
const rawsOf = (body: string) => normalise(body).map(({ raw }) => raw)

test('of a change about several people each has its own part of it, however deep, byte for byte', () => {
  const [first, second] = ['{"wa_id": "1"}', '{"wa_id":"2"}']
  const group = (own: string) =>
    `{"field":"group_participants_update","value":{${metadata},"groups":[{"group_id":"G==","added_participants":[${own}]}]}}`
  const thread = (id: string) => `{"id":"${id}","messages":[ 1.0 ]}`
  const history = (own: string) =>
    `{"field":"history","value":{${metadata},"history":[{"phase":0,"threads":[${own}]}]}}`
  const preference = (id: string) => `{"wa_id":"${id}","value" : "stop"}`
  const contact = (id: string) => `{"wa_id":"${id}"}`

  assert.deepEqual(
    rawsOf(
      fieldOf(
        'group_participants_update',
        `${metadata} , "groups":[{"group_id":"G==", "added_participants":[${first} ,${second}]}]`,
      ),
    ),
    [group(first), group(second)],
  )
  assert.deepEqual(
    rawsOf(
      fieldOf('history', `${metadata},"history":[{"phase":0 , "threads":[${thread('1')},${thread('2')}]}]`),
    ),
    [history(thread('1')), history(thread('2'))],
  )
  assert.deepEqual(
    rawsOf(
      fieldOf(
        'user_preferences',
        `"contacts":[${contact('1')},${contact('2')}],"user_preferences":[${preference('1')},${preference('2')}]`,
      ),
    ),
    ['1', '2'].map(
      id =>
        `{"field":"user_preferences","value":{"contacts":[${contact(id)}],"user_preferences":[${preference(id)}]}}`,
    ),
  )
})

test('what another app has in standby is split as the bot’s own messages are, and is not the bot’s to answer', () => {
  const standby = (own: string) => `{"field":"standby","value":{${metadata},"standby":{"messages":[${own}]}}}`
  const [first, second] = [messageOf('wamid.A', '1'), messageOf('wamid.B', '2')]

  const updates = normalise(fieldOf('standby', `${metadata},"standby":{ "messages":[${first},${second}] }`))

  assert.deepEqual(
    updates.map(({ id, kind, user, text, raw }) => ({ id, kind, user, text, raw })),
    [
      { id: 'wamid.A', kind: 'other', user: '1', text: 'café / 1.0', raw: standby(first) },
      { id: 'wamid.B', kind: 'other', user: '2', text: 'café / 1.0', raw: standby(second) },
    ],
  )
})

test('a group with more participants than a call may have events is refused', () => {
  const many = Array.from({ length: 5_001 }, () => '{}').join()

  assert.throws(
    () => normalise(fieldOf('group_participants_update', `"groups":[{"added_participants":[${many}]}]`)),
    {
      code: 'GTW_INVALID_UPDATE',
    },
  )
})
