// A gateway's end of the mailbox, to be killed: takes updates from the conductor, answers when they are
// stored and woken.
import { createMailboxWriter } from '@botyard/mailbox'
import { createRedis } from '@botyard/service-kit'
import { pino } from 'pino'
import { hashOf, type WriteRequest } from './protocol.ts'

const [url, partitions] = process.argv.slice(2)
const redis = createRedis({ url: url!, logger: pino({ enabled: false }), name: 'chaos', role: 'commands' })
const writer = createMailboxWriter({ redis, partitions: Number(partitions) })

process.on('message', async ({ id, conversation, n }: WriteRequest) => {
  const body = Buffer.from(`${conversation} ${n}`)
  const outcome = await writer
    .deliver({ conversation, update: hashOf({ conversation, n }), body, windowMs: 3_600_000 })
    .catch(() => undefined)
  process.send?.({ id, outcome })
})
process.on('disconnect', () => process.exit())
