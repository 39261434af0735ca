// A worker's end of the mailbox, to be killed: handles updates, some of which fail, and sends the replies to
// the conductor.
import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import {
  createHoldGuard,
  createTokens,
  type Disposition,
  HoldLostError,
  HoldUnconfirmedError,
  type Mail,
  newEntry,
  type Reply,
  startDrain,
  startHeartbeat,
  startSweeper,
  startTurns,
} from '@botyard/mailbox'
import type { ConversationKey } from '@botyard/queue-contracts'
import { createRedis } from '@botyard/service-kit'
import { pino } from 'pino'
import {
  type ChaosUpdate,
  failsOnce,
  hashOf,
  isPoison,
  isRefusedOnce,
  repliesOf,
  takeArguments,
  type WorkerNews,
} from './protocol.ts'

// At once: it may have to wait for Redis below, and its conductor may end meanwhile.
process.on('disconnect', () => process.exit())
const { url, partitions } = takeArguments()
const redis = createRedis({ url, logger: pino({ enabled: false }), name: 'chaos', role: 'worker' })
const tokens = createTokens({ redis, partitions })
const onTrouble = (error: unknown) => void tell({ trouble: String(error) })
const heartbeat = await startHeartbeat({ redis, partitions, replicas: 1 })
// So small that the flooding bot's outbox is full at times.
const maxOutbox = { replies: 500, bytes: 1e6 }
const turns = startTurns({ redis, partitions, heartbeat, tokens, maxOutbox, onTrouble })
const common = { partitions, redis, tokens, turns, heartbeat, onTrouble, timeoutMsOf: () => 30_000 }

const outbox = startDrain({
  ...common,
  box: 'outbox',
  holdGuard: createHoldGuard({ redis, process: heartbeat.process, partitions, replicas: 1 }),
  concurrency: 30,
  async handle(mail) {
    const { update, reply } = read(mail)
    await delay(randomInt(5))
    if (isRefusedOnce(update) && mail.tries === 0) return { do: 'retry', afterMs: 50, counts: true }
    mail.checkHold()
    await tell({ sent: { ...update, reply, interrupted: mail.interrupted } })
    await delay(randomInt(10))
    return { do: 'ack' }
  },
  judge,
})
startDrain({
  ...common,
  box: 'inbox',
  concurrency: 50,
  outbox,
  async handle(mail) {
    const { update } = read(mail)
    void tell({ ran: update })
    await delay(randomInt(15))
    if (isPoison(update) || (failsOnce(update) && mail.tries === 0)) throw new Error('as planned')
    const replies = Array.from({ length: repliesOf(update) }, (_, reply): Reply => {
      const text = `${update.conversation} ${update.n} ${reply}`
      return { entry: newEntry(hashOf(update), Buffer.from(text)), content: text }
    })
    return { do: 'ack', replies }
  },
  judge,
})
startSweeper({ redis, tokens, turns, partitions, process: heartbeat.process, onTrouble })
process.send?.({ ready: true })

function judge(mail: Mail, error: unknown): Disposition {
  if (error instanceof HoldLostError) return { do: 'release' }
  if (error instanceof HoldUnconfirmedError) return { do: 'retry', afterMs: 500, counts: false }
  if (mail.tries >= 2) return { do: 'dead', letter: mail.body, reason: 'poison' }
  return { do: 'retry', afterMs: 50, counts: true }
}

/** Resolves when the kernel has it: the conductor reads it even if this process is killed now. */
function tell(news: WorkerNews): Promise<void> {
  return new Promise((resolve, reject) => process.send!(news, error => (error ? reject(error) : resolve())))
}

function read(mail: Mail): { update: ChaosUpdate; reply: number } {
  const [conversation, n, reply] = mail.body.toString().split(' ')
  return {
    update: { conversation: conversation as ConversationKey, n: Number(n) },
    reply: Number(reply ?? 0),
  }
}
