import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRedis } from '@botyard/testkit'
import { Redis } from 'ioredis'
import { createRedis, startPulse } from '../src/index.ts'
import { capturedLog } from './captured-log.ts'

test('a process hears its own pulse, and knows that it is deaf when its channel is refused', async t => {
  const server = await startRedis()
  t.after(() => server.stop())
  const admin = new Redis(server.url)
  t.after(() => admin.disconnect())
  await admin.call('ACL', 'SETUSER', 'deaf', 'on', '>pw', '~*', 'resetchannels', '+@all')
  const { logger } = capturedLog()
  const clients = (url: string) => {
    const connect = { url, logger, name: 'test' }
    const subscriber = createRedis({ ...connect, role: 'subscriber' })
    const commands = createRedis({ ...connect, role: 'commands' })
    t.after(() => {
      for (const client of [subscriber, commands]) client.disconnect()
    })
    return { subscriber, commands }
  }
  t.mock.timers.enable({ apis: ['setInterval'] })
  const hearing = clients(server.url)
  const deaf = clients(server.url.replace('//', '//deaf:pw@'))
  const pulses = [hearing, deaf].map(each => startPulse({ ...each, logger, deafMs: 300 }))
  t.after(() => {
    for (const pulse of pulses) pulse.close()
  })

  // Time goes on only for the pulse: a beat is a turn of its timer.
  while (pulses[1]!.heard || !pulses[0]!.heard) {
    t.mock.timers.tick(1_000)
    await admin.ping()
  }

  assert.deepEqual(
    pulses.map(pulse => pulse.heard),
    [true, false],
  )
})
