import { createHash } from 'node:crypto'
import type { TestContext } from 'node:test'
import {
  type BoxName,
  type ConversationKey,
  noGroup,
  partitionOf,
  partitionTag,
} from '@botyard/queue-contracts'
import { sharedRedis, type TestRedis } from '@botyard/testkit'
import { Redis } from 'ioredis'
import {
  createHoldGuard,
  createMailboxWriter,
  createTokens,
  type Delivery,
  type Disposition,
  type DrainOptions,
  type Mail,
  newEntry,
  type Reply,
  startDrain,
  startHeartbeat,
  startSweeper,
  startTurns,
  type TurnsOptions,
} from '../src/index.ts'
import { readEntry } from '../src/redis/entry.ts'
import { heartbeatKey, mailKey } from '../src/redis/keys.ts'
import { withMailboxScripts } from '../src/redis/scripts.ts'
import { readClaim } from '../src/turns/claimed.ts'
import { blobsOf, lineOf, readSettled, type Settlement } from '../src/turns/settlement.ts'
import { type CheckOptions, checkPlaces } from './histories/check-places.ts'

/** An update whose payload is its number, so that order can be read from what was handled. */
export function update(conversation: ConversationKey, n: number, more: Partial<Delivery> = {}): Delivery {
  const hash = createHash('sha256').update(`${conversation} ${n}`).digest().subarray(0, 16)
  return { conversation, update: hash, body: Buffer.from(String(n)), windowMs: 86_400_000, ...more }
}

/** The number that {@link update} put into an entry. */
export function numberOf(mail: Pick<Mail, 'body'>): number {
  return Number(mail.body)
}

/** A reply as a worker hands it over. */
export function replyOf(text: string): Reply {
  return { entry: newEntry(Buffer.alloc(16), Buffer.from(text)), content: text }
}

/** A claim as a test asks it. */
export interface TestClaim {
  readonly box?: BoxName
  readonly free?: number
  readonly keep?: number
  readonly token?: boolean
  readonly suspect?: boolean
  readonly busy?: readonly string[]
  /** The groups that the process runs. */
  readonly groups?: readonly string[]
  readonly maxBytes?: number
  /** For how long the process would look by itself. */
  readonly lookoutMs?: number
  /** The number of the turn; a repeat has the number of what it repeats. */
  readonly number?: number
}

/** A mailbox on a real, empty Redis; everything it opens is closed when the test ends. */
export async function rig(
  t: TestContext,
  { partitions = 1, own }: { partitions?: number; own?: TestRedis } = {},
) {
  const closers: (() => unknown)[] = []
  t.after(async () => {
    // node:test runs hooks in the order they were registered, so this is one hook: last opened, first closed.
    for (const close of closers.reverse()) await close()
  })
  const leave: (() => Promise<void>)[] = []
  const server = own ?? (await sharedRedis({ after: hook => void leave.push(hook) }))
  closers.push(() => leave[0]?.())
  const open = (): Redis => {
    const client = new Redis(server.url, { maxRetriesPerRequest: null })
    client.on('error', () => undefined)
    closers.push(() => client.disconnect())
    return withMailboxScripts(client)
  }
  const redis = open()
  await redis.flushall()
  const writer = createMailboxWriter({ redis, partitions })
  const tokens = createTokens({ redis, partitions })
  closers.push(async () => {
    await writer.close()
    await tokens.close()
  })
  let number = 0

  /** One turn of a process, with what it settles and claims. */
  async function turn(
    process: string,
    settlements: readonly Settlement[],
    claim?: TestClaim,
    numbered = ++number,
    maxOutbox = [1000, 1e6],
  ) {
    const {
      box = 'inbox',
      free = 16,
      keep = 0,
      token = false,
      suspect = true,
      busy = [],
      maxBytes = 1e6,
      lookoutMs = 0,
    } = claim ?? {}
    const { groups = [noGroup] } = claim ?? {}
    const asking = token ? groups.join(',') : '.'
    const bots = busy.map(bot => ` ${bot}`).join('')
    const words = `${free} ${keep} ${asking} ${suspect ? 1 : 0} ${lookoutMs} ${groups.join(',')}${bots}`
    const claims = (['inbox', 'outbox'] as const).map(name => (claim && name === box ? words : '-'))
    const args = [process, numbered, settlements.map(lineOf).join(''), maxBytes, ...maxOutbox, ...claims]
    const blobs = settlements.flatMap(({ disposition }) => blobsOf(disposition))
    const answer = await redis.mailboxTurnBuffer(partitionTag(0), ...(args as string[]), ...blobs)
    return {
      settled: answer[0].map(readSettled),
      claim: readClaim(answer[box === 'inbox' ? 1 : 2]),
      number: numbered,
    }
  }

  return {
    server,
    redis,
    writer,
    tokens,
    open,
    turn,
    /** Asserts that everything is in its one place right now. */
    check: (options?: CheckOptions) => checkPlaces(redis, options),
    /** Another end for what comes in: to the outbox, or in bulk. */
    writerTo(box: BoxName, bulk = false) {
      const to = createMailboxWriter({ redis, partitions, box, bulk })
      closers.push(() => to.close())
      return to
    },
    /** What steering and unparking need. */
    steering: { redis, partitions, tokens },
    /** Says that a process lives for a minute, without a timer. */
    async beat(process: string) {
      await redis.mailboxBeat(partitionTag(0), process, 60_000, 0, 'run', 0, 0, 0)
    },
    /** It died, and what it held was taken over. */
    async die(process: string) {
      await redis.del(heartbeatKey(0, process))
      return redis.mailboxTakeOver(partitionTag(0), 256)
    },
    takeOver: () => redis.mailboxTakeOver(partitionTag(0), 256),
    /** What a process claims: the numbers of the heads, and what is known of them. */
    async claim(process: string, asked: TestClaim = {}, maxOutbox?: [replies: number, bytes: number]) {
      const { claim } = await turn(process, [], asked, asked.number, maxOutbox)
      return claim!.claimed.map(({ conversation, fence, trouble, head }) => ({
        conversation,
        number: Number(head.subarray(28)),
        hold: `${fence}:0:${readEntry(head).acceptedAtMs}`,
        tries: trouble?.tries ?? 0,
        crashes: trouble?.crashes ?? 0,
        alone: trouble?.crashesAlone ?? 0,
        interrupted: trouble?.interrupted ?? false,
        blamed: trouble?.blamed ?? 0,
        troubled: trouble !== undefined,
      }))
    },
    /** Settles one conversation; answers what came of it. */
    async settle(
      process: string,
      {
        conversation,
        hold,
        troubled = false,
      }: { conversation: ConversationKey; hold: string; troubled?: boolean },
      disposition: Disposition = { do: 'ack' },
      more: Partial<Settlement> = {},
      maxOutbox?: [replies: number, bytes: number],
    ) {
      const box = more.box ?? 'inbox'
      const bytes = (await redis.lindexBuffer(mailKey(0, box, conversation), 0))?.length ?? 0
      const settlement = {
        conversation,
        hold,
        troubled,
        disposition,
        bytes,
        keep: true,
        wanted: 16,
        grant: false,
        ...more,
        box,
      }
      const { settled } = await turn(process, [settlement], undefined, undefined, maxOutbox)
      return { ...settled[0]!, numbers: settled[0]!.entries.map(entry => Number(entry.subarray(28))) }
    },
    mailbox: (c: ConversationKey, box: BoxName = 'inbox') =>
      redis.lrangeBuffer(mailKey(partitionOf(c, partitions), box, c), 0, -1),
    /** Starts a worker process's end of one box: its own connection, heartbeat and places. */
    async worker(
      handle: (mail: Mail, signal: AbortSignal) => Promise<Disposition>,
      more: Partial<
        DrainOptions &
          Pick<TurnsOptions, 'groups' | 'maxOutbox'> & { sweep: boolean; ttlMs: number; replicas: number }
      > = {},
    ) {
      const client = open()
      const {
        sweep = false,
        box = 'inbox',
        maxOutbox,
        groups = [noGroup],
        ttlMs,
        replicas = 0,
        ...rest
      } = more
      const heartbeat = await startHeartbeat({ redis: client, partitions, ...(ttlMs && { ttlMs }) })
      const own = createTokens({ redis: client, partitions })
      const holdGuard = createHoldGuard({
        ...{ redis: client, process: heartbeat.process, partitions },
        ...{ replicas, timeoutMs: 200, patienceMs: 1000 },
      })
      const turns = startTurns({
        ...{ redis: client, partitions, groups, heartbeat, tokens: own },
        ...(maxOutbox && { maxOutbox }),
      })
      const common = { partitions, redis: client, tokens: own, turns, heartbeat }
      const start = (
        handler: DrainOptions['handle'],
        options: Partial<DrainOptions> & Pick<DrainOptions, 'box'>,
      ) =>
        startDrain({
          ...common,
          concurrency: 64,
          handle: handler,
          judge: () => ({ do: 'retry', afterMs: 10, counts: true }),
          timeoutMsOf: () => 60_000,
          ...options,
        })
      const drains = [start(handle, { box, holdGuard, ...rest })]
      const sweeper = sweep
        ? startSweeper({ ...common, process: heartbeat.process, graceMs: 50, intervalMs: 50 })
        : undefined
      let closed: Promise<void> | undefined
      const close = (graceMs = 1000): Promise<void> => {
        closed ??= (async () => {
          for (const drain of drains.reverse()) await drain.close(graceMs)
          await sweeper?.close()
          turns.close()
          holdGuard.close()
          await heartbeat.close()
          await own.close()
        })()
        return closed
      }
      closers.push(() => close())
      return {
        ...common,
        drain: drains[0]!,
        close,
        client,
        /** Starts the inbox beside it; what that answers is sent here, if there is a place. */
        addInbox(handler: DrainOptions['handle'], options: Partial<DrainOptions> = {}) {
          const drain = start(handler, { outbox: drains[0]!, ...options, box: 'inbox' })
          drains.push(drain)
          return drain
        },
      }
    },
  }
}
