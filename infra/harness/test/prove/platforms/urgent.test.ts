import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { BotSettings } from '@botyard/queue-contracts'
import { createLatch } from '@botyard/testkit'
import { caseOf } from './case-of.ts'
import { type Rig, startRig, until } from './rig.ts'

const telegram = caseOf('telegram')

let rig: Rig
before(async () => {
  rig = await startRig()
})
after(async () => {
  await rig.close()
})

/** A bot whose messages take until the gate opens, and which says in which order it began and ended. */
function addBot(id: string, settings: BotSettings) {
  const gate = createLatch()
  const order: string[] = []
  rig.add(id, {
    platform: 'telegram',
    credentials: telegram.credentials,
    settings,
    handler: {
      async onMessage(ctx) {
        order.push(`begin ${ctx.text}`)
        await gate.wait()
        order.push(`end ${ctx.text}`)
      },
      async onUpdate(ctx) {
        order.push(`begin ${ctx.text}`)
        // Were two at a time, the second would begin here.
        for (let n = 0; n < 5; n++) await turn()
        order.push(`end ${ctx.text}`)
      },
    },
  })
  return { gate, order }
}

let updates = 0
const from = { id: 7, is_bot: false, first_name: 'Ada' }
const chat = { id: 7, type: 'private' }

async function call(bot: string, update: object): Promise<void> {
  const body = Buffer.from(JSON.stringify({ update_id: ++updates, ...update }))
  assert.equal((await rig.call(bot, await telegram.request(body))).statusCode, 200)
}

const say = (bot: string, text: string) =>
  call(bot, { message: { message_id: updates, date: 1, chat, from, text } })
const press = (bot: string, data: string, where = chat) =>
  call(bot, {
    callback_query: {
      id: `q${updates}`,
      from,
      chat_instance: 'x',
      data,
      message: { message_id: 1, date: 1, chat: where },
    },
  })

const inOrder = (names: readonly string[]) => names.flatMap(name => [`begin ${name}`, `end ${name}`])

test('an urgent button is handled while an earlier message of its chat still runs; other messages wait', async () => {
  const { gate, order } = addBot('urgent', { urgent: ['button'] })

  await say('urgent', 'slow')
  await say('urgent', 'next')
  await until(() => order.length === 1)
  await press('urgent', 'pressed')
  await until(() => order.length === 3)
  assert.deepEqual(order, ['begin slow', ...inOrder(['pressed'])])
  gate.open()
  await until(() => rig.isIdle())

  assert.deepEqual(order.slice(3), ['end slow', ...inOrder(['next'])])
})

test('urgent buttons stay in order among themselves, one at a time', async () => {
  const { gate, order } = addBot('ordered', { urgent: ['button'] })
  const names = Array.from({ length: 30 }, (_, n) => `button ${n}`)

  await say('ordered', 'slow')
  await until(() => order.length === 1)
  for (const name of names) await press('ordered', name)
  await until(() => order.length === 1 + 2 * names.length)
  gate.open()

  assert.deepEqual(order.slice(1, 1 + 2 * names.length), inOrder(names))
})

test('a button that is not urgent waits for the messages before it', async () => {
  const { gate, order } = addBot('patient', {})

  await say('patient', 'slow')
  await until(() => order.length === 1)
  await press('patient', 'pressed')
  await say('patient', 'last')
  gate.open()
  await until(() => order.length === 6)

  assert.deepEqual(order, inOrder(['slow', 'pressed', 'last']))
})

test('an update that the platform delivers again is known though its kind has become urgent since', async () => {
  const { gate, order } = addBot('changed', {})
  gate.open()
  // With two partitions the mailboxes of some of these would lie apart.
  const chats = Array.from({ length: 12 }, (_, n) => n)
  const pressAll = async () => {
    for (const n of chats) {
      updates = 1_000 + n
      await press('changed', `button ${n}`, { id: 100 + n, type: 'private' })
    }
  }

  await pressAll()
  await until(() => rig.isIdle())
  rig.change('changed', { urgent: ['button'] })
  await pressAll()
  await until(() => rig.isIdle())

  assert.equal(order.length, 2 * chats.length)
})
