import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import {
  type ConversationKey,
  type DeadLetterNote,
  deadLetterVersion,
  decodeDeadLetter,
  decodeInbound,
  decodeOutbound,
  encodeDeadLetter,
  encodeInbound,
  encodeOutbound,
  type InboundUpdate,
  inboundVersion,
  type OutboundMessage,
  outboundVersion,
  PackedBytes,
  packedInboundVersion,
  UnreadablePayloadError,
} from '../src/index.ts'

const id = fc.string({ minLength: 1, unit: 'binary' })
const botId = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/)
const time = fc.integer({ min: 0, max: 4_000_000_000_000 })
const platform = fc.constantFrom('telegram' as const, 'custom' as const)
const bytes = fc.uint8Array({ maxLength: 200 })
const options = <K extends string>(...requiredKeys: K[]) => ({ requiredKeys, noNullPrototype: true })

const inbound: fc.Arbitrary<InboundUpdate> = fc.record(
  {
    id,
    bot: botId,
    platform,
    kind: fc.constantFrom('message', 'edit', 'command', 'button', 'reaction', 'membership', 'other'),
    conversation: id,
    user: fc.string({ unit: 'binary' }),
    text: fc.string({ unit: 'binary' }),
    sentAtMs: time,
    receivedAtMs: time,
  },
  options('id', 'bot', 'platform', 'kind', 'conversation', 'receivedAtMs'),
)
const outbound: fc.Arbitrary<OutboundMessage> = fc.record(
  { id, bot: botId, platform, conversation: id, text: fc.string({ unit: 'binary' }), receivedAtMs: time },
  { noNullPrototype: true },
)
const note: fc.Arbitrary<DeadLetterNote> = fc.record(
  {
    id,
    bot: botId,
    conversation: botId.map(bot => `${bot}/x` as ConversationKey),
    box: fc.constantFrom('inbox', 'outbox'),
    reason: fc.string(),
    tries: fc.nat(),
    acceptedAtMs: time,
    diedAtMs: time,
  },
  { noNullPrototype: true },
)

test('an update and the bytes of its platform come back as they went', () => {
  fc.assert(
    fc.property(inbound, bytes, (update, raw) => {
      const decoded = decodeInbound(encodeInbound(update, raw))

      assert.deepEqual(decoded, { update, raw: Buffer.from(raw) })
    }),
  )
})

test('many raw bytes are stored compressed, under a version of their own, and come back as they went', async () => {
  const raw = Buffer.from(JSON.stringify({ n: '12345678901234567890', text: 'x'.repeat(300_000) }))

  const frame = encodeInbound(update, raw)
  const decoded = decodeInbound(frame)

  assert.ok(frame.length < raw.length / 10)
  assert.equal(frame[0], packedInboundVersion)
  assert.deepEqual(decoded.update, update)
  assert.ok(decoded.raw instanceof PackedBytes)
  assert.ok((await decoded.raw.unpack()).equals(raw))
})

test('raw bytes that do not get smaller are stored as they are', () => {
  const raw = randomBytes(200_000)

  const { raw: read } = decodeInbound(encodeInbound(update, raw))

  assert.ok(read instanceof Buffer && read.equals(raw))
})

test('packed bytes that were changed, or unpack to more than any body has, are unreadable', async () => {
  const frame = encodeInbound(update, Buffer.alloc(200_000))
  const bomb = zstdCompressSync(Buffer.alloc(129 * 1024 * 1024))
  const head = frame.subarray(0, 5 + frame.readUInt32BE(1))
  for (const tail of [frame.subarray(head.length, -3), Buffer.from('no zstd'), bomb]) {
    const { raw } = decodeInbound(Buffer.concat([head, tail]))

    assert.ok(raw instanceof PackedBytes)
    await assert.rejects(raw.unpack(), { code: 'QUE_UNREADABLE_PAYLOAD', version: packedInboundVersion })
  }
})

test('a reply comes back as it went', () => {
  fc.assert(
    fc.property(outbound, message => assert.deepEqual(decodeOutbound(encodeOutbound(message)), message)),
  )
})

test('a dead letter and its sealed payload come back as they went', () => {
  fc.assert(
    fc.property(note, bytes, (note, envelope) => {
      const decoded = decodeDeadLetter(encodeDeadLetter(note, envelope))

      assert.deepEqual(decoded, { note, envelope: Buffer.from(envelope) })
    }),
  )
})

const update: InboundUpdate = {
  id: '1',
  bot: 'echo',
  platform: 'telegram',
  kind: 'message',
  conversation: '7',
  receivedAtMs: 0,
}
const message: OutboundMessage = {
  id: '1.0',
  bot: 'echo',
  platform: 'custom',
  conversation: '7',
  text: '',
  receivedAtMs: 0,
}
const letter: DeadLetterNote = {
  id: 'inbox/echo/x/1',
  bot: 'echo',
  conversation: 'echo/x',
  box: 'inbox',
  reason: 'WRK_BOT_GONE',
  tries: 1,
  acceptedAtMs: 0,
  diedAtMs: 0,
}
const codecs = [
  {
    name: 'an update',
    version: inboundVersion,
    newest: packedInboundVersion,
    frame: encodeInbound(update, Buffer.from('{}')),
    decode: decodeInbound,
  },
  { name: 'a reply', version: outboundVersion, frame: encodeOutbound(message), decode: decodeOutbound },
  {
    name: 'a dead letter',
    version: deadLetterVersion,
    frame: encodeDeadLetter(letter, Buffer.from('sealed')),
    decode: decodeDeadLetter,
  },
]

/**
 * Bytes that get far: noise, a valid frame with some bytes changed, a cut one, or a right start and any JSON.
 */
function nearly(frame: Buffer): fc.Arbitrary<Buffer> {
  const changed = fc
    .array(fc.tuple(fc.nat(frame.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 4 })
    .map(changes => {
      const copy = Buffer.from(frame)
      for (const [at, byte] of changes) copy.writeUInt8(byte, at)
      return copy
    })
  const cut = fc.nat(frame.length).map(length => frame.subarray(0, length))
  const json = fc.json().map(text => {
    const head = Buffer.from(text)
    const start = Buffer.from(frame.subarray(0, 5))
    start.writeUInt32BE(head.length, 1)
    return Buffer.concat([start, head])
  })
  return fc.oneof(
    fc.uint8Array().map(noise => Buffer.from(noise)),
    changed,
    cut,
    json,
  )
}

for (const { name, version, newest = version, frame, decode } of codecs) {
  test(`any bytes are ${name} or an UnreadablePayloadError, never another error`, () => {
    fc.assert(
      fc.property(nearly(frame), bytes => {
        try {
          assert.equal(typeof decode(bytes), 'object')
        } catch (error) {
          assert.ok(error instanceof UnreadablePayloadError, String(error))
        }
      }),
      { numRuns: 1000 },
    )
  })

  test(`${name} of a newer version is unreadable and says which it is`, () => {
    const newer = Buffer.from(frame)
    newer.writeUInt8(newest + 1, 0)

    assert.throws(() => decode(newer), { code: 'QUE_UNREADABLE_PAYLOAD', version: newest + 1 })
  })

  test(`${name} of the version before is read, of two before is not`, () => {
    const older = Buffer.from(frame)
    older.writeUInt8(version - 1, 0)
    const tooOld = Buffer.from(frame)
    tooOld.writeUInt8((version - 2) & 0xff, 0)

    assert.deepEqual(decode(older), decode(frame))
    assert.throws(() => decode(tooOld), UnreadablePayloadError)
  })
}

test('a head that a newer build extended is read', () => {
  const extended = { ...update, topic: 'news' }

  assert.deepEqual(decodeInbound(encodeInbound(extended, Buffer.alloc(0))).update, extended)
})
