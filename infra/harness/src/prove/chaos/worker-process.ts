// A worker's end of the mailbox, to be killed: handles updates, some of which fail, and leaves one reply for
// each.
import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import {
  createTokens,
  type Mail,
  newEntry,
  startDrain,
  startHeartbeat,
  startSweeper,
  startTurns,
} from '@botyard/mailbox'
import type { ConversationKey } from '@botyard/queue-contracts'
import { createRedis } from '@botyard/service-kit'
import { pino } from 'pino'
import { type ChaosUpdate, failsOnce, isPoison } from './protocol.ts'

const [url, partitionsText] = process.argv.slice(2)
const partitions = Number(partitionsText)
const redis = createRedis({ url: url!, logger: pino({ enabled: false }), name: 'chaos', role: 'worker' })
const tokens = createTokens({ redis, partitions })
const heartbeat = await startHeartbeat({ redis, partitions })
// Nobody sends the replies: they are what is verified.
const maxOutbox = { replies: 1e9, bytes: 1e12 }
const turns = startTurns({ redis, partitions, heartbeat, tokens, maxOutbox })

startDrain({
  box: 'inbox',
  ...{ partitions, redis, tokens, turns, heartbeat },
  concurrency: 50,
  timeoutMsOf: () => 30_000,
  async handle(mail) {
    const update = read(mail)
    process.send?.({ ran: mail.body.toString() })
    await delay(randomInt(15))
    if (isPoison(update) || (failsOnce(update) && mail.tries === 0)) throw new Error('as planned')
    return { do: 'ack', replies: [{ entry: newEntry(mail.hash, mail.body), content: undefined }] }
  },
  judge(mail) {
    if (mail.tries >= 2) return { do: 'dead', letter: mail.body, reason: 'poison' }
    return { do: 'retry', afterMs: 50, counts: true }
  },
})
startSweeper({ redis, tokens, turns, partitions, process: heartbeat.process })
process.on('disconnect', () => process.exit())
process.send?.({ ready: true })

function read(mail: Mail): ChaosUpdate {
  const [conversation, n] = mail.body.toString().split(' ')
  return { conversation: conversation as ConversationKey, n: Number(n) }
}
