import { setTimeout as delay } from 'node:timers/promises'
import type { BotDirectory, DeadLetterStore, ErasureStore } from '@botyard/control-database'
import type { BroadcastStore } from '@botyard/control-database/broadcasts'
import {
  createDrainQueues,
  type Heartbeat,
  Slots,
  startDeadLetterMover,
  startDrain,
  startHeartbeat,
  startSweeper,
} from '@botyard/mailbox'
import type { PlatformAdapter } from '@botyard/platforms'
import { botOf, type ConversationKey, type Platform } from '@botyard/queue-contracts'
import type { SendLimits } from '@botyard/send-limits'
import { createTroubleLog, type Keyring, type Naming } from '@botyard/service-kit'
import { pruneOnceResults, type Shards } from '@botyard/shard-routing'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Dispatcher } from 'undici'
import { recordFailure } from './broadcasts/record-result.ts'
import { startBroadcasts } from './broadcasts/run-broadcasts.ts'
import { eraseBots } from './data/erase-bots.ts'
import { createOnceStore } from './data/once-store.ts'
import type { OpenData } from './data/user-data.ts'
import { ReplyLoopError } from './errors.ts'
import { judgeFailure } from './failures/judge-failure.ts'
import { createLogSettled } from './failures/log-settled.ts'
import { createDownloads } from './handlers/download.ts'
import type { Handlers } from './handlers/load-bots.ts'
import type { MissingHandlers } from './handlers/missing-handlers.ts'
import { createAcknowledge } from './inbox/acknowledge.ts'
import { createHandleUpdate } from './inbox/handle-update.ts'
import { createReplyLoops } from './inbox/reply-loops.ts'
import { createRespond } from './inbox/respond.ts'
import { createShowTyping } from './inbox/show-typing.ts'
import type { WorkerMetrics } from './metrics.ts'
import { createIdentities, type StoreIdentity } from './outbox/identities.ts'
import { createSendMessage } from './outbox/send-message.ts'
import type { TenantCredentials } from './outbox/tenant-credentials.ts'
import { createMoveRecords, recordsKeptMs } from './records/move-records.ts'
import type { TaskPool } from './tasks/task-pool.ts'

/** What a worker needs; the caller opens and closes all of it. */
export interface WorkerDeps {
  readonly adapters: Readonly<Record<Platform, PlatformAdapter>>
  readonly bots: Pick<BotDirectory, 'get' | 'lookup'>
  readonly broadcasts: BroadcastStore
  readonly deadLetters: DeadLetterStore
  readonly dispatcher: Dispatcher
  readonly erasures: ErasureStore
  readonly handlers: Handlers
  readonly keyring: Keyring
  readonly limits: SendLimits
  readonly logger: Logger
  readonly metrics: WorkerMetrics
  readonly missingHandlers: Pick<MissingHandlers, 'met'>
  readonly naming: Naming
  readonly openData: OpenData
  readonly redis: Redis
  readonly storeIdentity: StoreIdentity
  readonly tasks: Pick<TaskPool, 'of'>
  readonly tenantCredentials: TenantCredentials
  readonly userShards: Pick<Shards, 'each'>
}

/** What can be tuned. */
export interface WorkerOptions {
  readonly shards: number
  readonly concurrency: number
  readonly sendConcurrency: number
  readonly handlerTimeoutMs: number
}

/** A worker that runs: inbox to handlers, outbox to platforms, and the helpers that mend what crashes leave. */
export interface RunningWorker {
  /** Conversations in hand. */
  readonly holding: number
  /** Whether Redis took a beat of this process lately: what it holds is its own. */
  readonly beating: boolean
  /** Takes no more, lets handlers end for `graceMs`, hands back what is left. */
  close(graceMs: number): Promise<void>
}

/** How often a worker looks for data of removed bots to erase, in ms. */
const eraseEveryMs = 10_000

/** How often records past their time are deleted, in ms. */
const pruneEveryMs = 60 * 60 * 1000

/** No platform sends an update again after that time, and no worker tries one again but a parked one, in ms. */
const onceResultsKeptMs = 7 * 24 * 60 * 60 * 1000

/** A platform that has not answered a send within this time leaves its outcome uncertain, in ms. */
const sendTimeoutMs = 30_000

/** Starts a worker process: resolves when it claims. */
export async function startWorker(deps: WorkerDeps, options: WorkerOptions): Promise<RunningWorker> {
  const { bots, broadcasts, deadLetters, keyring, logger, metrics, redis, userShards } = deps
  const { shards, concurrency, sendConcurrency, handlerTimeoutMs } = options
  const heartbeat = await startHeartbeat({ redis, shards })
  const queues = createDrainQueues({ redis, shards })
  const botOfMail = (conversation: ConversationKey) => bots.get(botOf(conversation))
  const logTrouble = createTroubleLog(logger, 'worker trouble, will be mended')
  const onTrouble = (err: unknown) => {
    metrics.trouble()
    logTrouble(err)
  }
  const logSettled = createLogSettled(logger)
  const once = createOnceStore({ redis, keyring })
  const acknowledge = createAcknowledge(deps)
  const identities = createIdentities(deps)
  const common = { shards, redis, queues, heartbeat, onTrouble }

  const outbox = startDrain({
    ...common,
    box: 'outbox',
    slots: new Slots(sendConcurrency),
    handle: createSendMessage({ ...deps, identities }),
    judge: (mail, error) =>
      recordFailure(
        keyring,
        mail,
        judgeFailure({ keyring, box: 'outbox', bot: botOfMail(mail.conversation) }, mail, error),
      ),
    capOf: () => 0,
    timeoutMsOf: () => sendTimeoutMs,
    onSettled: (mail, verdict, status) => {
      if (verdict.do === 'dead' && status !== 'refused') metrics.deadLetter('outbox', verdict.reason)
      logSettled('reply', mail, verdict, status)
    },
  })
  const inbox = startDrain({
    ...common,
    box: 'inbox',
    slots: new Slots(concurrency),
    handle: createHandleUpdate({
      ...deps,
      acknowledge,
      identities,
      loops: createReplyLoops(),
      download: createDownloads(deps.dispatcher),
      once,
      respond: createRespond(deps),
      showTyping: createShowTyping(deps),
    }),
    judge: (mail, error) => judgeFailure({ keyring, box: 'inbox', bot: botOfMail(mail.conversation) }, mail, error),
    // The cap holds per queue shard: with several, a bot's share of it.
    capOf: conversation => Math.ceil((botOfMail(conversation)?.settings.concurrency ?? 0) / shards),
    timeoutMsOf: conversation => botOfMail(conversation)?.settings.handlerTimeoutMs ?? handlerTimeoutMs,
    onReplies: (shard, conversations) => void outbox.offer(shard, conversations).catch(onTrouble),
    onSettled: (mail, verdict, status) => {
      if ((verdict.do === 'ack' || verdict.do === 'dead') && status !== 'refused') once.forget(mail)
      if (verdict.do === 'dead' && status !== 'refused') metrics.deadLetter('inbox', verdict.reason)
      if ((verdict.do === 'dead' && status !== 'refused') || status === 'parked') acknowledge.failed(mail)
      if (verdict.do === 'park' && verdict.reason === ReplyLoopError.code && status === 'parked') {
        metrics.replyLoop(botOfMail(mail.conversation)?.platform)
        const { conversation } = mail
        logger.error({ conversation }, 'reply loop stopped: the bot must not answer every bot, see WRK_REPLY_LOOP')
      }
      metrics.settled(botOfMail(mail.conversation)?.platform, verdict, status)
      logSettled('update', mail, verdict, status)
    },
  })
  const sweeper = startSweeper({ redis, queues, shards, process: heartbeat.process, onSwept: metrics.swept })
  const mover = startDeadLetterMover({
    redis,
    shards,
    process: heartbeat.process,
    store: createMoveRecords(deps),
    onTrouble,
  })
  const releases = startBroadcasts(deps, { shards, process: heartbeat.process, onTrouble })
  let erasing: Promise<void> | undefined
  const eraser = setInterval(() => {
    erasing ??= eraseBots(deps, heartbeat.process)
      .catch(onTrouble)
      .finally(() => {
        erasing = undefined
      })
  }, eraseEveryMs)
  const pruner = setInterval(() => {
    const before = new Date(Date.now() - recordsKeptMs)
    deadLetters.prune(before).catch(onTrouble)
    broadcasts.prune(before).catch(onTrouble)
    const doneBefore = new Date(Date.now() - onceResultsKeptMs)
    // A shard that is away is pruned an hour later.
    userShards.each(({ db }) => pruneOnceResults(db, doneBefore)).catch(onTrouble)
  }, pruneEveryMs)

  return {
    get holding() {
      return inbox.holding + outbox.holding
    },
    get beating() {
      return heartbeat.fresh
    },
    async close(graceMs) {
      // Nothing can be settled or handed back without Redis, and others take over what a silent process held.
      const closed = new AbortController()
      const closing = closeAll(graceMs).finally(() => closed.abort())
      await Promise.race([closing, untilLost(heartbeat, logger, closed.signal)])
    },
  }

  async function closeAll(graceMs: number): Promise<void> {
    await sweeper.close()
    await releases.close()
    // The inbox first: its last replies are offered to the outbox, which hands on what it cannot send in time.
    await inbox.close(graceMs)
    await outbox.close(Math.min(graceMs, sendTimeoutMs))
    clearInterval(pruner)
    clearInterval(eraser)
    await erasing
    await mover.close()
    await heartbeat.close()
    await queues.close()
  }
}

/** How long Redis may take no beat before a shutdown goes on without it, in ms: longer than any reconnection takes. */
const lostMs = 10_000

/** Resolves when Redis has taken no beat for so long that nothing in hand is this process's own any more. */
async function untilLost(heartbeat: Pick<Heartbeat, 'ageMs'>, logger: Logger, closed: AbortSignal): Promise<void> {
  while (heartbeat.ageMs < lostMs && !closed.aborted) await delay(500, undefined, { signal: closed }).catch(() => {})
  if (!closed.aborted) logger.error('redis does not answer: what is in hand is left for others to take over')
}
