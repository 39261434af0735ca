import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters, type PlatformAdapter } from '@botyard/platforms'
import { rig, until } from '../helper.ts'

test('a reply that the platform would refuse for its length arrives in parts, in order, each sent under its own id', async t => {
  const sent: [id: string, text: string | undefined][] = []
  const short: PlatformAdapter = {
    ...adapters.telegram,
    textLimit: { max: 12, unit: 'UTF-16 units', measure: text => text.length },
    send: async ({ id, text }) => {
      sent.push([id, text])
      return { status: 'sent' }
    },
  }
  const { start, deliver } = await rig(t, {
    bot: {
      onMessage(ctx) {
        ctx.reply('First part.\n\nSecond part.')
        ctx.reply('The end.')
      },
    },
  })
  await start({ adapters: { ...adapters, telegram: short } })

  const id = await deliver(1, 'tell me')
  await until(() => sent.length === 3)

  assert.deepEqual(sent, [
    [`${id}.0`, 'First part.'],
    [`${id}.1`, 'Second part.'],
    [`${id}.2`, 'The end.'],
  ])
})
