import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutboundMessage } from '@botyard/queue-contracts'
import type { SendResult } from '../../src/index.ts'
import { sendWhatsApp } from '../../src/whatsapp/send.ts'
import { type GraphAnswer, graphError, graphServer } from '../meta/graph-server.ts'
import { appSecret, verifyToken } from '../meta/signed-by-meta.ts'

const credentials = { appSecret, verifyToken, accessToken: 'EAAtoken', phoneNumberId: '100' }
const message: OutboundMessage = {
  id: 'wamid.1.0',
  bot: 'shop',
  platform: 'whatsapp',
  conversation: '200:US.13491208655302741918',
  text: 'héllo',
  route: { phone_number_id: '200', to: '15551234567', message: 'wamid.1' },
  receivedAtMs: 0,
}
const accepted = { messaging_product: 'whatsapp', messages: [{ id: 'wamid.2' }] }
const text = { type: 'text', text: { body: 'héllo' } }

test('a text goes from the number that was written to, with the token in a header, and its id comes back', async t => {
  const { origin, received, options, next } = await graphServer(t)
  next.body = accepted

  const result = await sendWhatsApp(message, { ...credentials, apiRoot: origin }, options)

  assert.deepEqual(result, { status: 'sent', messageId: 'wamid.2' })
  assert.equal(received[0]?.url, '/v25.0/200/messages')
  assert.equal(received[0].headers.authorization, 'Bearer EAAtoken')
  assert.deepEqual(JSON.parse(received[0].body), {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: '15551234567',
    ...text,
  })
})

test('whom a message is for: a business-scoped id without a number, a group, a bare number of a broadcast', async t => {
  const { origin, received, options, next } = await graphServer(t)
  next.body = accepted
  const { route: _route, ...unrouted } = message
  const cases: [string, string, object][] = [
    ['200:US.1349', '200', { recipient_type: 'individual', recipient: 'US.1349' }],
    ['200:group:Y2FwaV9ncm91cA==', '200', { recipient_type: 'group', to: 'Y2FwaV9ncm91cA==' }],
    ['group:Y2FwaV9ncm91cA==', '100', { recipient_type: 'group', to: 'Y2FwaV9ncm91cA==' }],
    ['15557654321', '100', { recipient_type: 'individual', to: '15557654321' }],
  ]
  for (const [conversation, number, recipient] of cases) {
    const result = await sendWhatsApp(
      { ...unrouted, conversation },
      { ...credentials, apiRoot: origin },
      options,
    )

    assert.equal(result.status, 'sent')
    const call = received.at(-1)
    assert.equal(call?.url, `/v25.0/${number}/messages`)
    assert.deepEqual(JSON.parse(call.body), { messaging_product: 'whatsapp', ...recipient, ...text })
  }
  for (const conversation of ['number:200', 'account:300', 'bot']) {
    const result = await sendWhatsApp({ ...unrouted, conversation }, credentials, options)
    assert.equal(result.status, 'failed', conversation)
  }
})

test('a native message is passed on as it is, and its own recipient stays', async t => {
  const { origin, received, options, next } = await graphServer(t)
  next.body = accepted
  const template = { type: 'template', template: { name: 'hello_world', language: { code: 'en_US' } } }
  const { text: _text, ...rest } = message

  await sendWhatsApp(
    { ...rest, native: template },
    { ...credentials, apiRoot: origin, apiVersion: 'v30.1' },
    options,
  )
  await sendWhatsApp(
    { ...rest, native: { ...template, to: '1' } },
    { ...credentials, apiRoot: origin },
    options,
  )

  assert.equal(received[0]?.url, '/v30.1/200/messages')
  const [first, second] = received.map(({ body }) => JSON.parse(body))
  assert.deepEqual(first, {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: '15551234567',
    ...template,
  })
  assert.deepEqual(second, { messaging_product: 'whatsapp', ...template, to: '1' })
})

test('typing answers the message that came, and marks it as read; an edit is refused', async t => {
  const { origin, received, options, next } = await graphServer(t)
  next.body = { success: true }
  const typing = { ...message, action: 'typing' as const }

  assert.deepEqual(await sendWhatsApp(typing, { ...credentials, apiRoot: origin }, options), {
    status: 'sent',
  })
  assert.deepEqual(JSON.parse(received[0]!.body), {
    messaging_product: 'whatsapp',
    status: 'read',
    message_id: 'wamid.1',
    typing_indicator: { type: 'text' },
  })
  assert.equal((await sendWhatsApp({ ...message, action: 'edit' }, credentials, options)).status, 'failed')
})

test('error codes decide, whatever the HTTP status: who is to blame, try again, or a pause of what they count', async t => {
  const { origin, options, next } = await graphServer(t)
  const retry = (code: number, ms: number, name: string): SendResult => ({
    status: 'retry',
    afterMs: ms,
    counts: false,
    reason: `answered 400, error ${code}`,
    pauses: [{ name, ms }],
  })
  const again = (code: number, status = 400): SendResult => ({
    status: 'retry',
    afterMs: undefined,
    counts: true,
    reason: `answered ${status}, error ${code}`,
  })
  const failed = (blame: 'recipient' | 'message' | 'credentials', reason: string): SendResult => ({
    status: 'failed',
    blame,
    reason,
  })
  const usage = JSON.stringify({ 300: [{ type: 'messaging', estimated_time_to_regain_access: 5 }] })
  const cases: [GraphAnswer, SendResult][] = [
    [graphError(130_429), retry(130_429, 1_000, 'throughput:200')],
    [graphError(131_048), retry(131_048, 60_000, 'throughput:200')],
    [graphError(80_007), retry(80_007, 60_000, 'account')],
    [
      { ...graphError(80_007), headers: { 'x-business-use-case-usage': usage } },
      retry(80_007, 300_000, 'account'),
    ],
    [{ ...graphError(4), headers: { 'x-business-use-case-usage': 'odd' } }, retry(4, 60_000, 'app')],
    [{ ...graphError(4), headers: { 'retry-after': '7' } }, retry(4, 7_000, 'app')],
    [graphError(131_026), failed('recipient', 'answered 400, error 131026')],
    [
      graphError(131_047),
      failed(
        'message',
        'answered 400, error 131047: more than 24 hours since the user wrote: send a template',
      ),
    ],
    [graphError(190), failed('credentials', 'answered 400, error 190: the access token is not valid')],
    [graphError(131_031), failed('credentials', 'answered 400, error 131031')],
    [graphError(100), failed('message', 'answered 400, error 100')],
    [graphError(131_000), again(131_000)],
    [{ ...graphError(2), status: 500 }, again(2, 500)],
    [
      { status: 502, body: '<html>' },
      { status: 'retry', afterMs: undefined, counts: true, reason: 'answered 502' },
    ],
    [
      { status: 429, body: '' },
      { status: 'retry', afterMs: undefined, counts: false, reason: 'answered 429' },
    ],
    [{ status: 301, headers: { location: '/x' }, body: '' }, failed('message', 'answered 301')],
    [{ body: 'ok' }, { status: 'uncertain', reason: 'answered 200, but not as the Graph API does' }],
  ]
  for (const [answer, expected] of cases) {
    Object.assign(next, { status: 200, headers: {} }, answer)

    assert.deepEqual(await sendWhatsApp(message, { ...credentials, apiRoot: origin }, options), expected)
  }
})

test('a pair over its rate waits 4^X s, X counting refusals in a row, and an accepted message ends the row', async t => {
  const { origin, options, next } = await graphServer(t)
  const send = (conversation: string) =>
    sendWhatsApp({ ...message, conversation }, { ...credentials, apiRoot: origin }, options)
  const waits: unknown[] = []
  Object.assign(next, graphError(131_056))
  for (let n = 0; n < 7; n++) {
    const result = await send('200:US.1')
    waits.push(result.status === 'retry' && !result.counts && !result.pauses && result.afterMs)
  }
  assert.deepEqual(waits, [1_000, 4_000, 16_000, 64_000, 256_000, 1_024_000, 1_024_000])
  const other = await send('200:US.2')
  assert.equal(other.status === 'retry' && other.afterMs, 1_000)

  Object.assign(next, { status: 200, body: accepted })
  assert.equal((await send('200:US.1')).status, 'sent')
  Object.assign(next, graphError(131_056))
  const afresh = await send('200:US.1')
  assert.equal(afresh.status === 'retry' && afresh.afterMs, 1_000)
})
