import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { adapters } from '../../src/index.ts'
import { webhookRequest } from '../webhook-request.ts'

const folder = new URL('../fixtures/telegram/', import.meta.url)

/** By fixture: kind, conversation, user, text (its beginning is enough), sentAtMs. */
type Expectation = [
  kind: string,
  conversation: string,
  user?: string | undefined,
  text?: string | undefined,
  sentAtMs?: number,
]
const expected: Record<string, Expectation> = {
  'callback-query-2': ['button', '-225456171', '427770117', '123'],
  'channel-post-channel-text': ['message', '-1001305240521', undefined, 'post~~~', 1515760382000],
  'channel-post-channel-text-2': ['message', '-1001305240521', undefined, 'post~~~', 1515760382000],
  'chosen-inline-result-2': ['other', 'user:427770117', '427770117', '123'],
  'edited-channel-post-channel-text-2': ['edit', '-1001305240521', undefined, 'post~~~edited', 1515760478000],
  'edited-message-group-text-2': ['edit', '-225456171', '427770117', 'hiiiii', 1515758048000],
  'edited-message-supergroup-location': ['edit', '-10011869112345', '12345678', undefined, 1604282070000],
  'edited-message-supergroup-location-2': ['edit', '-10011869112345', '12345678', undefined, 1604282074000],
  'edited-message-supergroup-text': ['edit', '-10011869112345', '12345678', 'Hello, modified', 1604282153000],
  'edited-message-text': ['edit', '427770117', '427770117', 'hiiiii', 1515758017000],
  'edited-message-text-2': ['edit', '427770117', '427770117', 'hiiiii', 1515758017000],
  'inline-query': ['other', 'user:427770117', '427770117', '123'],
  'inline-query-2': ['other', 'user:427770117', '427770117', '123'],
  'message-group-group-chat-created': ['message', '-552721116', '1111111111111111', undefined, 1615072605000],
  'message-group-text': ['message', '-225456171', '427770117', 'hi', 1515758146000],
  'message-private-document': ['message', '12345678', '12345678', undefined, 1604226480000],
  'message-private-document-2': ['message', '12345678', '12345678', undefined, 1604226480000],
  'message-private-message-auto-delete-timer-changed': ['message', '12345678', '12345678', undefined, 1604171814000],
  'message-private-photo': ['message', '12345678', '12345678', undefined, 1604188669000],
  'message-private-photo-2': ['message', '100000001', '100000001', undefined, 1753164384000],
  'message-private-successful-payment': ['message', '12345', '12345', undefined, 1535389477000],
  'message-private-voice': ['message', '12345678', '12345678', undefined, 1604188673000],
  'message-private-write-access-allowed': ['message', '11111111', '11111111', undefined, 1707944280000],
  'message-reaction-count-channel': ['reaction', '-1002236736395', undefined, undefined, 1721306391000],
  'message-reaction-supergroup-2': ['reaction', '-1002199793788', undefined, undefined, 1723798597000],
  'message-supergroup-2': ['message', '-1001308316775', '1111111111111111', undefined, 1615072671000],
  'message-supergroup-contact': ['message', '-10011869112345', '12345678', undefined, 1604282029000],
  'message-supergroup-location': ['message', '-10011869112345', '12345678', undefined, 1604282057000],
  'message-supergroup-photo': ['message', '-10011869112345', '12345678', undefined, 1604281993000],
  'message-supergroup-poll': ['message', '-10011869112345', '12345678', undefined, 1604282015000],
  'message-supergroup-text': ['message', '-10011869112345', '12345678', 'Hello', 1604282147000],
  'message-supergroup-text-2': ['message', '-10011869112345', '12345678', 'And the answer', 1604282163000],
  'message-supergroup-video-chat-started': ['message', '-1001308316775', '1111111111111111', undefined, 1615072662000],
  poll: ['other', 'poll:123'],
  'pre-checkout-query': ['other', 'user:427770117', '427770117'],
  'pre-checkout-query-2': ['other', 'user:427770117', '427770117'],
  'purchased-paid-media': ['other', 'user:408258968', '408258968'],
  'removed-chat-boost-channel': ['other', '-1002236736395'],
  'shipping-query': ['other', 'user:427770117', '427770117'],
  'shipping-query-2': ['other', 'user:427770117', '427770117'],
  'synthetic-callback-query-inline-message-no-chat': ['button', 'user:42', '42', 'd'],
  'synthetic-forum-topic-message': ['message', '-1009999999999999', '4503599627370495', 'hi', 1767224888000],
  'synthetic-lone-surrogate-and-nul-escape': ['message', '7', '7', 'a\u0000b \ud83d c', 1767224888000],
  'synthetic-poll-no-chat-no-user': ['other', 'poll:5260000000000000001'],
  'synthetic-unicode-4096-utf16': ['message', '-1009999999999999', '4503599627370495', 'é👩‍👩‍👧‍👦🇺🇦', 1767224888000],
}

test('every recorded update has its expectation', () => {
  const recorded = readdirSync(folder).filter(name => name.endsWith('.json'))

  assert.deepEqual(
    recorded.toSorted(),
    Object.keys(expected)
      .map(name => `${name}.json`)
      .toSorted(),
  )
})

for (const [name, [kind, conversation, user, text, sentAtMs]] of Object.entries(expected)) {
  test(`the recorded ${name} is of kind ${kind} in conversation ${conversation}`, () => {
    const body = readFileSync(new URL(`${name}.json`, folder))

    const [update, ...rest] = adapters.telegram.normalise(webhookRequest(body))

    assert.ok(update)
    assert.deepEqual(rest, [])
    assert.equal(update.id, /"update_id":\s*(\d+)/.exec(body.toString())?.[1])
    assert.deepEqual(
      { kind: update.kind, conversation: update.conversation, user: update.user, sentAtMs: update.sentAtMs },
      { kind, conversation, user, sentAtMs },
    )
    assert.equal(update.text?.slice(0, text?.length), text)
    assert.deepEqual(Buffer.from(update.raw), body)
  })
}
