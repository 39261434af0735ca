import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bot } from '@botyard/control-database'
import { partitionOf } from '@botyard/queue-contracts'
import { createNaming } from '@botyard/service-kit'
import { nameUpdate } from '../src/name-update.ts'

const naming = createNaming(Buffer.alloc(32, 7))
const bot = { id: 'shop', platform: 'telegram' } as const

/** The conversation that an update of a chat belongs to, with these kinds urgent. */
function mailboxOf(chat: string, partitions: number, urgent: ('button' | 'command')[] = []) {
  const update = { id: '1', kind: 'button', conversation: chat, raw: Buffer.alloc(0) } as const
  return nameUpdate({ naming, partitions }, { ...bot, settings: { urgent } } as Bot, update).conversation
}

for (const partitions of [1, 2, 8, 1024]) {
  test(`an urgent mailbox lies in its conversation's partition, of ${partitions}`, () => {
    const chats = Array.from({ length: 100 }, (_, n) => String(n))
    const usual = chats.map(chat => mailboxOf(chat, partitions))
    const urgent = chats.map(chat => mailboxOf(chat, partitions, ['button']))

    const placesOf = (names: typeof usual) => names.map(name => partitionOf(name, partitions))

    assert.deepEqual(placesOf(urgent), placesOf(usual))
    assert.equal(new Set([...usual, ...urgent]).size, 200)
    for (const name of urgent) assert.match(name, /^shop\/[A-Za-z0-9_-]{22}$/)
    assert.deepEqual(
      chats.map(chat => mailboxOf(chat, partitions, ['button'])),
      urgent,
    )
  })
}
