import assert from 'node:assert/strict'
import type { NormalisedUpdate } from '../../src/index.ts'
import { checkRaw } from './check-raw.ts'
import type { ExpectedUpdate } from './conformance-case.ts'
import { salted } from './salted.ts'
import { type Subject, updatesOf } from './subject.ts'

/** Every fixture is in the case, and becomes what the case says, with ids that differ within a batch. */
export async function checkFixtures(subject: Subject): Promise<string> {
  const { fixtures } = subject.case
  assert.deepEqual(
    Object.keys(fixtures).sort(),
    subject.samples.map(({ file }) => file).sort(),
    'all fixtures are listed',
  )
  for (const { sample, updates } of updatesOf(subject)) {
    const expected = fixtures[sample.file] as readonly ExpectedUpdate[]
    assert.equal(updates.length, expected.length, `${sample.file} is so many updates`)
    for (const [n, update] of updates.entries()) compare(`${sample.file} #${n}`, update, expected[n]!)
    assert.equal(
      new Set(updates.map(({ id }) => id)).size,
      updates.length,
      `${sample.file}: ids are distinct`,
    )
  }
  return String(subject.samples.length)
}

/** What a handler gets as `raw` is the event as it was sent, and of a batch no other's. */
export async function checkSplit(subject: Subject): Promise<string> {
  let batches = false
  for (const { sample, updates } of updatesOf(subject)) {
    checkRaw(sample, updates)
    batches ||= updates.length > 1
    const odd = salted(sample)
    const again = subject.case.adapter.normalise(odd.request)
    assert.equal(again.length, updates.length, `${sample.file}: members that nobody knows change nothing`)
    checkRaw(odd, again)
  }
  return batches ? 'each its own part' : 'one event a call'
}

function compare(name: string, update: NormalisedUpdate, expected: ExpectedUpdate): void {
  assert.ok(update.id.length > 0 && update.conversation.length > 0, `${name} has an id and a conversation`)
  for (const [field, value] of Object.entries(expected)) {
    assert.deepEqual(update[field as keyof ExpectedUpdate], value, `${name}: ${field}`)
  }
}
