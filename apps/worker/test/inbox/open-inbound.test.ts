import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import {
  type ConversationKey,
  encodeInbound,
  type InboundUpdate,
  inboundContext,
} from '@botyard/queue-contracts'
import { createKeyring } from '@botyard/service-kit'
import { openInbound } from '../../src/inbox/open-inbound.ts'

const keyring = createKeyring({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } })
const update: InboundUpdate = {
  id: '1',
  bot: 'repo',
  platform: 'github',
  kind: 'other',
  conversation: '7',
  receivedAtMs: 0,
}
const conversation = 'repo/7' as ConversationKey
const hash = randomBytes(16)
const sealed = (frame: Buffer) => keyring.seal(frame, inboundContext(conversation, hash))
const mail = (raw: Buffer) => ({ conversation, hash, body: sealed(encodeInbound(update, raw)) })

test('a small update is opened at once', () => {
  const raw = Buffer.from('{"action":"opened"}')

  assert.deepEqual(openInbound(keyring, mail(raw)), { update, raw })
})

test('a large one opens to the bytes of its platform, compressed or not, and others have the event loop meanwhile', async () => {
  for (const raw of [Buffer.alloc(8 * 1024 * 1024, '{"commits":[]}'), randomBytes(8 * 1024 * 1024)]) {
    const large = mail(raw)
    let turns = 0
    let isOpen = false
    const turn = () => {
      turns++
      if (!isOpen) setImmediate(turn)
    }
    setImmediate(turn)

    const opened = await openInbound(keyring, large)
    isOpen = true

    assert.deepEqual(opened.update, update)
    assert.ok(opened.raw.equals(raw))
    assert.ok(turns > 1, `${turns} turns`)
  }
})

test('what cannot be opened rejects as it throws, whatever its size', async () => {
  const large = mail(randomBytes(300_000))
  const noFrame = { ...large, body: sealed(Buffer.alloc(300_000)) }

  await assert.rejects(async () => openInbound(keyring, { ...large, hash: randomBytes(16) }), {
    code: 'KEY_TAMPERED',
  })
  await assert.rejects(async () => openInbound(keyring, noFrame), { code: 'QUE_UNREADABLE_PAYLOAD' })
})
