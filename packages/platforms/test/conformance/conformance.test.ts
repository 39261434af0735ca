import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { adapters } from '../../src/index.ts'
import { duties } from './duties.ts'
import { loadCases } from './load-cases.ts'
import { createSubject } from './subject.ts'

for (const { platform, case: of } of await loadCases()) {
  test(`${platform} has an adapter and a conformance case of it`, () => {
    assert.ok(of, `test/${platform}/conformance-case.ts exports no case`)
    assert.equal(
      of.adapter,
      adapters[platform as keyof typeof adapters],
      'the case is of the adapter in adapters.ts',
    )
    assert.equal(of.adapter.platform, platform)
  })
  if (!of) continue

  let subject: ReturnType<typeof createSubject> | undefined
  const signed = () => {
    subject ??= createSubject(platform, of)
    return subject
  }
  after(async () => (await subject)?.close())
  for (const { title, promise, check } of duties) {
    test(`${platform}, ${title}: ${promise}`, async () => void (await check(await signed())))
  }
}
