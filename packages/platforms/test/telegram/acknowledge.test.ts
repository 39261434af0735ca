import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters, type Content } from '../../src/index.ts'
import { limitsOfTelegram } from '../../src/telegram/limits.ts'

function acknowledge(route: Record<string, string> | undefined, said: readonly Content[] = []) {
  const update = { kind: 'other' as const, ...(route && { route }) }
  return adapters.telegram.acknowledge?.(update, said, 'handled')
}

test('a pressed button is acknowledged, whatever the handler said besides', () => {
  const route = { message: '9', callback_query_id: '4382' }
  const expected = { native: { method: 'answerCallbackQuery', callback_query_id: '4382' } }

  assert.deepEqual(acknowledge(route), expected)
  assert.deepEqual(acknowledge(route, [{ action: 'edit', text: 'yes' }, { text: 'hi' }]), expected)
  const another = { native: { method: 'answerCallbackQuery', callback_query_id: '1' } }
  assert.deepEqual(acknowledge(route, [another]), expected)
})

test('a handler that acknowledges the button itself is the only one that does', () => {
  const route = { callback_query_id: '4382' }

  for (const native of [
    { method: 'answerCallbackQuery', callback_query_id: '4382', text: 'done' },
    { method: 'answercallbackquery', text: 'done' },
  ]) {
    assert.equal(acknowledge(route, [{ text: 'hi' }, { native }]), undefined)
  }
})

test('a payment that the handler says nothing about fails with a sentence instead of a time-out', () => {
  for (const [id, method] of [
    ['pre_checkout_query_id', 'answerPreCheckoutQuery'],
    ['shipping_query_id', 'answerShippingQuery'],
  ] as const) {
    const native = acknowledge({ [id]: 'q' }, [{ text: 'hi' }])?.native

    assert.deepEqual([native?.method, native?.[id], native?.ok], [method, 'q', false])
    assert.match(String(native?.error_message), /not been charged/)
    assert.equal(acknowledge({ [id]: 'q' }, [{ native: { method, ok: true } }]), undefined)
  }
})

test('an inline query gets an empty answer that nobody remembers, and a request to join goes to the administrators', () => {
  assert.deepEqual(acknowledge({ inline_query_id: 'q' })?.native, {
    method: 'answerInlineQuery',
    inline_query_id: 'q',
    results: [],
    cache_time: 0,
    is_personal: true,
  })
  const join = { chat_join_request_query_id: 'q' }
  assert.deepEqual(acknowledge(join)?.native, {
    method: 'answerChatJoinRequestQuery',
    ...join,
    result: 'queue',
  })
  assert.equal(acknowledge(join, [{ native: { method: 'approveChatJoinRequest', user_id: 5 } }]), undefined)
})

test('where nothing waits, nothing is acknowledged', () => {
  for (const route of [undefined, { message_thread_id: '7' }, { guest_query_id: 'g' }]) {
    assert.equal(acknowledge(route), undefined)
  }
})

test('an answer to a query waits for no rate and no pause of its chat', () => {
  const native = { method: 'answerCallbackQuery', callback_query_id: '1' }

  assert.deepEqual(
    limitsOfTelegram({ conversation: '-1001', native }, undefined, { perSecond: 1 }, false),
    [],
  )
  assert.notDeepEqual(
    limitsOfTelegram({ conversation: '-1001', native: {} }, undefined, { perSecond: 1 }, false),
    [],
  )
})
