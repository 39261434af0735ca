// A gateway's end of the mailbox, to be killed: takes updates from the conductor, answers when they are
// stored and woken.
import { createMailboxWriter } from '@botyard/mailbox'
import { createRedis } from '@botyard/service-kit'
import { pino } from 'pino'
import { hashOf, hasLimit, takeArguments, type WriteRequest } from './protocol.ts'

const { url, partitions } = takeArguments()
const redis = createRedis({ url, logger: pino({ enabled: false }), name: 'chaos', role: 'commands' })
const writer = createMailboxWriter({ redis, partitions, replicas: 1 })

process.on('message', async ({ id, conversation, n }: WriteRequest) => {
  const outcome = await writer
    .deliver({
      ...{ conversation, update: hashOf({ conversation, n }), windowMs: 3_600_000 },
      body: Buffer.from(`${conversation} ${n}`),
      ...(hasLimit({ conversation, n }) && { user: conversation, userLimit: { perSecond: 2, burst: 1 } }),
    })
    .catch(() => undefined)
  process.send?.({ id, outcome })
})
process.on('disconnect', () => process.exit())
process.send?.({ ready: true })
