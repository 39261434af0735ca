import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapter as zulip } from '../../src/zulip/adapter.ts'
import { asWritten } from '../../src/zulip/as-written.ts'
import { webhookRequest } from '../http/webhook-request.ts'

function normalise(payload: object) {
  const body = JSON.stringify(payload)
  const [only] = zulip.normalise(webhookRequest(body, { 'content-type': 'application/json' }))
  assert.ok(only)
  assert.equal(Buffer.from(only.raw).toString(), body)
  const { raw: _raw, ...facts } = only
  return facts
}

const message = {
  content: '@**Outgoing webhook test** Zulip is the world’s most productive group chat!',
  display_recipient: 'Verona',
  id: 112,
  sender_id: 5,
  sender_realm_str: 'zulip',
  stream_id: 7,
  subject: 'Verona2',
  timestamp: 1527876931,
  type: 'stream',
}

test('a mention in a channel belongs to its topic', () => {
  assert.deepEqual(normalise({ bot_email: 'bot@localhost', message, trigger: 'mention' }), {
    id: '112:bot@localhost',
    event: 'mention',
    kind: 'message',
    conversation: '7/Verona2',
    user: '5',
    text: message.content,
    tenant: 'zulip',
    sentAtMs: 1527876931000,
  })
})

test('a direct message belongs to all people in it, in whatever order they come', () => {
  const direct = (...ids: number[]) => ({
    bot_email: 'b',
    message: {
      id: 1,
      sender_id: 9,
      content: 'hi',
      type: 'private',
      display_recipient: ids.map(id => ({ id })),
    },
  })

  assert.equal(normalise(direct(25, 9, 100)).conversation, 'dm:9,25,100')
  assert.equal(normalise(direct(100, 25, 9)).conversation, 'dm:9,25,100')
})

test('a command may follow the mention of the bot', () => {
  const { kind, text } = normalise({ message: { ...message, content: '@**Deploy bot|25** /deploy now' } })

  assert.deepEqual({ kind, text }, { kind: 'command', text: '/deploy now' })
})

test('a command behind the mention of another is not the bot’s', () => {
  const kindTo = (name: string) =>
    normalise({
      bot_full_name: 'Deploy bot',
      message: { ...message, content: `@**${name}** /deploy @**Deploy bot**` },
    }).kind

  assert.equal(kindTo('Deploy bot'), 'command')
  assert.equal(kindTo('Deploy bot|25'), 'command')
  assert.equal(kindTo('Other bot'), 'message')
})

test('in the format that resembles Slack’s the bot is told by its name, once that is known', () => {
  const body = 'channel_id=C1&user_id=U2&trigger_word=mention&text=%40%2A%2AHelper%2A%2A+%2Fstart'
  const request = webhookRequest(body, { 'content-type': 'application/x-www-form-urlencoded' })
  const [known] = zulip.normalise(request, { user: '25', name: 'Helper' })
  const [unknown] = zulip.normalise(request)

  assert.deepEqual([known?.kind, known?.text], ['command', '/start'])
  assert.deepEqual([unknown?.kind, unknown?.text], ['message', '@**Helper** /start'])
})

test('what names no channel is its user’s, what names no one is the bot’s', () => {
  assert.equal(normalise({ message: { id: 1, sender_id: 9 } }).conversation, 'user:9')
  assert.equal(normalise({}).conversation, 'bot')
})

test('without deferring the call waits for the handler’s content, else the answer asks for none', () => {
  const silence = { status: 200, body: '{"response_not_required":true}' }

  assert.deepEqual(zulip.answer?.([], {}), { now: silence })
  assert.deepEqual(zulip.answer?.([], { defer: 'none' }), { wait: true, fallback: silence })
})

test('a plain text shows as it is, and mentions nobody', () => {
  const cases: [text: string, sent: string][] = [
    ['héllo, world! It is 5 > 4 (really) - fine_ly.', 'héllo, world! It is 5 > 4 (really) - fine_ly.'],
    [
      '@**all** @_**Ann|5** #**general**',
      '@&#42;&#42;all&#42;&#42; @_&#42;&#42;Ann&#124;5&#42;&#42; #&#42;&#42;general&#42;&#42;',
    ],
    [
      '~~no~~ `c` $$x$$ [a](b)',
      '&#126;&#126;no&#126;&#126; &#96;c&#96; &#36;&#36;x&#36;&#36; &#91;a&#93;(b)',
    ],
    ['# a\n> b\n- c\n1. d', '&#35; a\n&#62; b\n&#45; c\n1&#46; d'],
    ['&amp; R&D :tada: 10:30 <time:x>', '&#38;amp; R&D &#58;tada: 10:30 &#60;time:x>'],
    ['/me waves\n/me too', '&#47;me waves\n/me too'],
    ['    code', '&nbsp;&nbsp;&nbsp;&nbsp;code'],
    ['see https://e.com/a_b?c=[1]&d=~~', 'see https://e.com/a_b?c=[1]&d=~~'],
  ]
  for (const [text, sent] of cases) assert.equal(asWritten(text), sent)
})
