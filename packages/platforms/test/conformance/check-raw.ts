import assert from 'node:assert/strict'
import type { NormalisedUpdate } from '../../src/index.ts'
import { type JsonMember, membersOf } from '../../src/json/json-members.ts'
import type { Sample } from './subject.ts'

/**
 * Of one event: the body itself, a form's `payload` as it stands decoded, or a form's fields as an object. Of
 * a batch: a slice of the body, or a value of the body with siblings of the event cut out; never another
 * event of the batch.
 */
export function checkRaw({ file, request, contentType }: Sample, updates: readonly NormalisedUpdate[]): void {
  const raws = updates.map(({ raw }) => Buffer.from(raw))
  if (contentType === 'application/x-www-form-urlencoded') {
    const fields = new URLSearchParams(request.body.toString())
    const payload = fields.get('payload')
    for (const raw of raws) {
      if (payload !== null) assert.equal(raw.toString(), payload, `${file}: raw is the payload`)
      else assert.deepEqual(JSON.parse(raw.toString()), fieldsOf(fields), `${file}: raw has all fields`)
    }
    return
  }
  for (const [n, raw] of raws.entries()) {
    assert.ok(
      request.body.includes(raw) || isCutFrom(raw, request.body),
      `${file} #${n}: raw has values as they were sent`,
    )
    for (const [other, { id, raw: otherRaw }] of updates.entries()) {
      if (other === n) continue
      assert.ok(!raw.includes(Buffer.from(otherRaw)), `${file} #${n}: raw holds the event #${other}`)
      assert.ok(id.length < 8 || !raw.includes(id), `${file} #${n}: raw holds the id of #${other}`)
    }
  }
  if (raws.length === 1 && !isBatch(request.body)) {
    assert.deepEqual(raws[0], request.body, `${file}: raw is the body`)
  }
}

function fieldsOf(fields: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(fields.keys())].map(name => {
      const values = fields.getAll(name)
      return [name, values.length === 1 ? values[0]! : values]
    }),
  )
}

/** The envelopes that hold lists of events: Meta's `entry`, LINE's `events` beside its `destination`. */
function isBatch(body: Buffer): boolean {
  const names = new Set(membersOf(body).map(({ name }) => name))
  return (names.has('object') && names.has('entry')) || (names.has('destination') && names.has('events'))
}

/** Whether the text of a value is that of some value in the body but for members and elements left out. */
function isCutFrom(raw: Buffer, body: Buffer): boolean {
  const places = [0]
  for (let at = places.pop(); at !== undefined; at = places.pop()) {
    if (isCut(raw, 0, body, at)) return true
    places.push(...membersOf(body, at).map(({ start }) => start))
  }
  return false
}

function isCut(cut: Buffer, cutAt: number, whole: Buffer, wholeAt: number): boolean {
  const isList = cut[cutAt] === 0x7b || cut[cutAt] === 0x5b
  if (!isList || cut[cutAt] !== whole[wholeAt]) return false
  const rest = membersOf(whole, wholeAt)
  return membersOf(cut, cutAt).every(member => {
    for (let next = rest.shift(); next; next = rest.shift()) {
      if (cut[cutAt] === 0x7b && next.name !== member.name) continue
      if (isSame(cut, member, whole, next) || isCut(cut, member.start, whole, next.start)) return true
    }
    return false
  })
}

function isSame(cut: Buffer, a: JsonMember, whole: Buffer, b: JsonMember): boolean {
  return cut.subarray(a.start, a.end).equals(whole.subarray(b.start, b.end))
}
