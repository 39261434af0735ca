import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters } from '../../src/index.ts'
import { checkDuties, duties } from './duties.ts'
import { loadCases } from './load-cases.ts'

for (const { platform, case: of } of await loadCases()) {
  test(`${platform} has an adapter and a conformance case of it`, () => {
    assert.ok(of, `test/${platform}/conformance-case.ts exports no case`)
    assert.equal(of.adapter, adapters[platform as keyof typeof adapters], 'the case is of the adapter in adapters.ts')
    assert.equal(of.adapter.platform, platform)
  })
  if (!of) continue

  const results = checkDuties(platform, of)
  // A fixture that cannot even be signed fails each of them below.
  results.catch(() => undefined)
  for (const [n, { title, promise }] of duties.entries()) {
    test(`${platform}, ${title}: ${promise}`, async () => {
      const result = (await results)[n]
      assert.ok(result?.ok, result?.ok === false ? result.why : 'not checked')
    })
  }
}
