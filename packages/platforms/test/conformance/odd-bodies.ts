import fc from 'fast-check'
import type { Sample } from './subject.ts'

const deep = 100_000
const huge = 1024 * 1024

/** Bodies that have broken parsers before, whatever the platform. */
export const knownOddities: Readonly<Record<string, Buffer>> = {
  empty: Buffer.alloc(0),
  'white space': Buffer.from(' \r\n\t'),
  'a byte order mark': Buffer.from('\ufeff'),
  null: Buffer.from('null'),
  'a number': Buffer.from('1e400'),
  'deep arrays': Buffer.from('['.repeat(deep) + ']'.repeat(deep)),
  'deep objects': Buffer.from(`${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`),
  'deep and cut off': Buffer.from('[{"events":'.repeat(deep)),
  'a huge string': Buffer.from(`"${'x'.repeat(huge)}"`),
  'a huge key': Buffer.from(`{"${'k'.repeat(huge)}":1}`),
  'duplicate keys': Buffer.from('{"id":1,"id":"2","type":"a","type":null,"events":[],"events":{}}'),
  __proto__: Buffer.from(
    '{"__proto__":{"id":"1","type":"x"},"constructor":{"prototype":{"y":1}},"toString":1}',
  ),
  'lone surrogates': Buffer.from(
    '{"id":"\\ud800","conversation":"\\udfff","text":"\\ud83d","type":"\\ud800"}',
  ),
  'invalid UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x22, 0xc3, 0x28, 0x22, 0x7d]),
  gzip: Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 3, 0x4b, 0x04, 0, 0x43, 0xbe, 0xb7, 0xe8]),
  'NUL bytes': Buffer.alloc(64),
  'a form of nothing': Buffer.from('&&=&=a&%&%zz=%ff&payload&payload=%7B'),
  'a form of a deep payload': Buffer.from(`payload=${'['.repeat(deep)}`),
  'a form with __proto__': Buffer.from(
    '__proto__=1&constructor=2&__proto__=3&payload=%7B%22__proto__%22%3A1%7D',
  ),
}

/** Values of the wrong type or an absurd size, as JSON text. */
const oddValues = [
  'null',
  'true',
  '0',
  '-1',
  '1.5',
  '1e400',
  '4912661846655238145',
  '""',
  '"x"',
  '"\\ud800"',
  '"\\u0000"',
  '[]',
  '[null]',
  '{}',
  '{"__proto__":{"id":"1"}}',
  '"99999999999999999999"',
  `"${'y'.repeat(100_000)}"`,
  '['.repeat(deep) + ']'.repeat(deep),
]

/**
 * A request body: any bytes, any JSON, or a fixture with bytes, members or types changed; and the fixture it
 * began as.
 */
export function anyBody(samples: readonly Sample[]): fc.Arbitrary<{ sample: Sample; body: Buffer }> {
  const anySample = fc.constantFrom(...samples)
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map(array => Buffer.from(array)),
    fc.json({ maxDepth: 4, stringUnit: 'binary' }).map(text => Buffer.from(text)),
    fc
      .dictionary(fc.string({ maxLength: 20 }), fc.string())
      .map(fields => Buffer.from(String(new URLSearchParams(fields)))),
  )
  const foreign = fc.record({ sample: anySample, body: bytes })
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 })
  const edited = fc
    .tuple(anySample, edits)
    .map(([sample, changes]) => ({ sample, body: editBytes(sample.request.body, changes) }))
  const change = fc.tuple(fc.nat(), fc.option(fc.constantFrom(...oddValues)))
  const reshaped = fc
    .tuple(anySample, fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([sample, changes]) => ({ sample, body: reshape(sample, changes) }))
  return fc.oneof(foreign, edited, { arbitrary: reshaped, weight: 3 })
}

function editBytes(body: Buffer, changes: readonly (readonly [number, number])[]): Buffer {
  const edited = Buffer.from(body)
  for (const [at, byte] of changes) if (edited.length > 0) edited[at % edited.length] = byte
  return edited
}

/**
 * Deletes the value at a place, or puts another there (`null` deletes); places are counted over the whole of
 * it.
 */
function reshape(
  { request, contentType }: Sample,
  changes: readonly (readonly [number, string | null])[],
): Buffer {
  if (contentType === 'application/json') return Buffer.from(reshapeJson(request.body.toString(), changes))
  const fields = new URLSearchParams(request.body.toString())
  const payload = fields.get('payload')
  if (payload !== null) {
    fields.set('payload', reshapeJson(payload, changes))
    return Buffer.from(fields.toString())
  }
  for (const [place, odd] of changes) {
    const names = [...fields.keys()]
    const name = names[place % names.length] ?? 'x'
    if (odd === null) fields.delete(name)
    else if (place % 3 === 0) fields.append(name, odd)
    else fields.set(name, odd)
  }
  return Buffer.from(fields.toString())
}

function reshapeJson(text: string, changes: readonly (readonly [number, string | null])[]): string {
  const root = { root: JSON.parse(text) as unknown }
  const stand = new Map<string, string>()
  for (const [place, odd] of changes) {
    const places = placesIn(root)
    const { holder, key } = places[place % places.length]!
    if (odd === null && holder !== root) delete holder[key]
    else {
      const mark = `@odd ${stand.size}@`
      stand.set(JSON.stringify(mark), odd ?? 'null')
      holder[key] = mark
    }
  }
  let changed = JSON.stringify(root.root)
  // Text, because what is too deep or too large for a number can only be written so.
  for (const [mark, odd] of stand) changed = changed.replace(mark, () => odd)
  return changed
}

function placesIn(root: Record<string, unknown>): { holder: Record<string, unknown>; key: string }[] {
  const places: { holder: Record<string, unknown>; key: string }[] = []
  const open: Record<string, unknown>[] = [root]
  for (let holder = open.pop(); holder; holder = open.pop()) {
    for (const [key, value] of Object.entries(holder)) {
      places.push({ holder, key })
      if (typeof value === 'object' && value !== null) open.push(value as Record<string, unknown>)
    }
  }
  return places
}
