import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { adapters } from '../../src/index.ts'
import { loadCases } from '../conformance/load-cases.ts'

function allowed(platform: 'telegram' | 'custom', credentials: object): boolean {
  return Value.Check(adapters[platform].credentials, credentials)
}

const telegram = { token: '123456:ABC-def_1', webhookSecret: 'secret' }
const custom = { secret: `whsec_${Buffer.alloc(32).toString('base64')}` }

for (const { platform, case: of } of await loadCases()) {
  if (!of) continue
  test(`${platform}: good credentials are allowed, and refused with a field that nobody knows or one left out`, () => {
    const { adapter } = of
    const credentials = of.credentials as Record<string, unknown>
    assert.ok(Value.Check(adapter.credentials, credentials))
    assert.ok(!Value.Check(adapter.credentials, { ...credentials, unknown: 1 }))
    assert.ok(!Value.Check(adapter.credentials, {}))
    for (const target of adapter.targets(credentials)) assert.ok(URL.canParse(target), target)
  })
}

test('well-formed credentials are allowed, and name the addresses they call', () => {
  const apiRoot = 'http://localhost:8081/path'
  const replyUrl = 'https://example.com/replies?bot=1'

  assert.ok(allowed('telegram', telegram))
  assert.ok(allowed('telegram', { ...telegram, apiRoot }))
  assert.ok(allowed('custom', custom))
  assert.ok(allowed('custom', { ...custom, replyUrl }))
  assert.deepEqual(adapters.telegram.targets(telegram), [])
  assert.deepEqual(adapters.telegram.targets({ ...telegram, apiRoot }), [apiRoot])
  assert.deepEqual(adapters.custom.targets({ ...custom, replyUrl }), [replyUrl])
})

test('a token that could change the url, an unknown field or an odd address is not', () => {
  for (const change of [
    { token: '123456' },
    { token: '1:a/../b' },
    { token: '1:a?b' },
    { token: '1:a\n' },
    { webhookSecret: '' },
    { webhookSecret: 'with space' },
    { webhookSecret: 'x'.repeat(257) },
    { apiRoot: 'ftp://example.com' },
    { apiRoot: 'https://user:password@example.com' },
    { apiRoot: 'https://example.com?x=' },
    { unknown: 1 },
  ]) {
    assert.ok(!allowed('telegram', { ...telegram, ...change }), JSON.stringify(change))
  }
})

test('a secret of fewer than 24 or more than 64 bytes, or without whsec_, is not', () => {
  for (const bytes of [24, 32, 48, 64]) {
    assert.ok(allowed('custom', { secret: `whsec_${Buffer.alloc(bytes).toString('base64')}` }), String(bytes))
  }
  for (const bytes of [0, 16, 22, 67]) {
    assert.ok(
      !allowed('custom', { secret: `whsec_${Buffer.alloc(bytes).toString('base64')}` }),
      String(bytes),
    )
  }
  assert.ok(!allowed('custom', { secret: Buffer.alloc(32).toString('base64') }))
})
