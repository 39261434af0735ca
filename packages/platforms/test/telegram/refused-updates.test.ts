import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters, InvalidUpdateError } from '../../src/index.ts'
import { webhookRequest } from '../http/webhook-request.ts'

function refusal(body: string | Buffer): InvalidUpdateError {
  try {
    adapters.telegram.normalise(webhookRequest(body))
  } catch (error) {
    assert.ok(error instanceof InvalidUpdateError)
    return error
  }
  assert.fail('the body was taken')
}

test('what is not JSON is GTW_MALFORMED_JSON, and the error quotes none of it', () => {
  const bodies = ['', 'private', '{"update_id":1', '[1,]', '{"update_id":01}', '\u0000', '{} {}']
  for (const body of bodies) {
    const error = refusal(body)

    assert.equal(error.code, 'GTW_MALFORMED_JSON', body)
    assert.equal(error.cause, undefined)
    assert.doesNotMatch(error.message, /private|update_id/)
  }
})

test('bytes that are not UTF-8 are malformed rather than repaired', () => {
  const cut = Buffer.from(
    Buffer.from('{"update_id":1,"message":{"chat":{"id":1},"text":"é"}}').filter(byte => byte !== 0xa9),
  )

  assert.equal(refusal(cut).code, 'GTW_MALFORMED_JSON')
})

test('a wrong shape is GTW_INVALID_UPDATE with the JSON pointer to what is wrong', () => {
  const cases: [string, string][] = [
    ['[]', ''],
    ['null', ''],
    ['"text"', ''],
    ['{}', '/update_id'],
    ['{"update_id":"1"}', '/update_id'],
    ['{"update_id":1.5}', '/update_id'],
    ['{"update_id":1,"message":null}', '/message'],
    ['{"update_id":1,"message":{}}', '/message/chat'],
    ['{"update_id":1,"message":{"chat":{}}}', '/message/chat/id'],
    ['{"update_id":1,"message":{"chat":{"id":"7"}}}', '/message/chat/id'],
    ['{"update_id":1,"message":{"chat":{"id":9007199254740993}}}', '/message/chat/id'],
    ['{"update_id":1,"message":{"chat":{"id":7},"text":null}}', '/message/text'],
    ['{"update_id":1,"callback_query":{"from":{"id":7},"message":{}}}', '/callback_query/message/chat'],
    ['{"update_id":1,"poll":{"id":5}}', '/poll/id'],
  ]
  for (const [body, path] of cases) {
    const error = refusal(body)

    assert.equal(error.code, 'GTW_INVALID_UPDATE', body)
    assert.equal(error.path, path, body)
  }
})

test('a leading byte order mark is no reason to refuse', () => {
  const body = '\ufeff{"update_id":1,"message":{"chat":{"id":7}}}'

  assert.equal(adapters.telegram.normalise(webhookRequest(body))[0]?.conversation, '7')
})

test('nesting a million deep is refused or read, never a crash', () => {
  assert.equal(refusal('['.repeat(1_000_000)).code, 'GTW_MALFORMED_JSON')
  const deep = `{"update_id":1,"message":{"chat":{"id":7},"data":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`

  assert.equal(adapters.telegram.normalise(webhookRequest(deep))[0]?.conversation, '7')
})

test('__proto__ and constructor keys set no prototype and stand in for no field', () => {
  const body =
    '{"update_id":1,"__proto__":{"message":{"chat":{"id":6}}},"constructor":{"prototype":{"polluted":1}}}'

  const [update] = adapters.telegram.normalise(webhookRequest(body))

  assert.equal(update?.conversation, 'bot')
  assert.equal(({} as { polluted?: number }).polluted, undefined)
  assert.equal(refusal('{"__proto__":{"update_id":1}}').path, '/update_id')
  assert.equal(refusal('{"update_id":1,"message":{"__proto__":{"chat":{"id":1}}}}').path, '/message/chat')
})

test('of a key given twice the last counts, as everywhere in JSON', () => {
  const body = '{"update_id":1,"update_id":2,"message":{"chat":{"id":7,"id":8}}}'

  const [update] = adapters.telegram.normalise(webhookRequest(body))

  assert.equal(update?.id, '2')
  assert.equal(update?.conversation, '8')
})
