// A worker's end of the mailbox, to be killed: handles updates, some of which fail, and leaves one reply for
// each.
import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import {
  createDrainQueues,
  type Mail,
  newEntry,
  Slots,
  startDrain,
  startHeartbeat,
  startSweeper,
} from '@botyard/mailbox'
import type { ConversationKey } from '@botyard/queue-contracts'
import { createRedis } from '@botyard/service-kit'
import { pino } from 'pino'
import { type ChaosUpdate, failsOnce, isPoison } from './protocol.ts'

const [url, shardsText] = process.argv.slice(2)
const shards = Number(shardsText)
const redis = createRedis({ url: url!, logger: pino({ enabled: false }), name: 'chaos', role: 'worker' })
const queues = createDrainQueues({ redis, shards })
const heartbeat = await startHeartbeat({ redis, shards })

startDrain({
  box: 'inbox',
  shards,
  redis,
  queues,
  heartbeat,
  slots: new Slots(50),
  capOf: () => 0,
  timeoutMsOf: () => 30_000,
  async handle(mail) {
    const update = read(mail)
    process.send?.({ ran: mail.body.toString() })
    await delay(randomInt(15))
    if (isPoison(update) || (failsOnce(update) && mail.tries === 0)) throw new Error('as planned')
    return { do: 'ack', replies: [newEntry(mail.hash, mail.body)] }
  },
  judge(mail) {
    if (mail.tries >= 2) return { do: 'dead', letter: mail.body, reason: 'poison' }
    return { do: 'retry', afterMs: 50, counts: true }
  },
})
startSweeper({ redis, queues, shards, process: heartbeat.process })
process.on('disconnect', () => process.exit())
process.send?.({ ready: true })

function read(mail: Mail): ChaosUpdate {
  const [conversation, n] = mail.body.toString().split(' ')
  return { conversation: conversation as ConversationKey, n: Number(n) }
}
