import { writeSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
// Of each package only what is needed: all of them would load two thousand modules into this thread, too.
import { type Culprit, createLastWords } from '@botyard/mailbox/last-words'
import { createLogger } from '@botyard/service-kit/logger'
import { createRedis } from '@botyard/service-kit/redis'
import { findWhoRuns } from './find-who-runs.ts'
import type { RunningCode } from './running-code.ts'
import { type ExitNotice, lookMs, places, type WatchData } from './watch-protocol.ts'

/**
 * Blocked for so long the process cannot say itself that it lives, in ms; its heartbeat stands for 3.75 s
 * at the least.
 */
const keepAliveAfterMs = 1_000

/** How long Redis may take to hear the last words, in ms. */
const patienceMs = 2_000

const StandardError = 2

const { shared, redisUrl, partitions, process: holder, blockedMs, logLevel } = workerData as WatchData
const state = new Int32Array(shared)
// Standard output is the main thread's, which cannot write now.
const destination = { write: writeToStandardError }
const logger = createLogger({ name: 'worker', level: logLevel, destination })
// Of its outages the main thread's clients tell.
const quiet = createLogger({ name: 'worker', level: 'silent', destination })
const redis = createRedis({ url: redisUrl, logger: quiet, name: 'worker:watch', role: 'commands' })
const lastWords = createLastWords({ redis, partitions, process: holder })

/** A log that cannot be written must not keep the process from its end. */
function writeToStandardError(line: string): void {
  try {
    writeSync(StandardError, line)
  } catch {}
}

let beats = -1
/** Looks in a row that saw no beat: no clock, which a machine that was suspended would put forward. */
let stillLooks = 0
let isEnding = false

async function look(): Promise<void> {
  if (isEnding) return
  const seen = Atomics.load(state, places.beats)
  stillLooks = seen === beats ? stillLooks + 1 : 0
  beats = seen
  const blockedForMs = stillLooks * lookMs
  if (blockedForMs < keepAliveAfterMs) return
  // In vain while Redis is away: then the process counts as dead in time.
  if (blockedForMs < blockedMs) return void lastWords.keepAlive().catch(() => undefined)
  isEnding = true
  await endBlocked()
  isEnding = false
}

async function endBlocked(): Promise<void> {
  const isBlocked = () => Atomics.load(state, places.beats) === beats
  const found = await findWhoRuns(isBlocked)
  if (!isBlocked()) return
  const line = { ...found?.code, frames: found?.frames, blockedMs }
  if (found === undefined) {
    logger.fatal(
      line,
      'the event loop is blocked, nobody knows by what: the process ends; look for long synchronous calls',
    )
  } else {
    logger.fatal(line, 'code of a bot blocks the event loop: the process ends; move it into a task (ctx.run)')
    await say(found.code)
  }
  process.kill(process.pid, 'SIGKILL')
}

async function say(code: ExitNotice['code']): Promise<void> {
  const said = lastWords.blame(culpritOf(code)).then(
    () => true,
    () => false,
  )
  const isSaid = await Promise.race([said, delay(patienceMs, false)])
  if (!isSaid)
    logger.error(code, 'redis was not told which update ended the process: it is found by further crashes')
}

function culpritOf({ conversation, update }: Omit<RunningCode, 'fail'>): Culprit | undefined {
  if (conversation === undefined || update === undefined) return undefined
  return { conversation, hash: Buffer.from(update, 'base64url') }
}

async function tellExit({ code, exitCode }: ExitNotice): Promise<void> {
  logger.fatal(
    { ...code, exitCode },
    'code of a bot ended the process: let it throw an error instead of process.exit',
  )
  await say(code)
  Atomics.store(state, places.hasSpoken, 1)
  Atomics.notify(state, places.hasSpoken)
}

// Never rejects: it answers for the failures of what it awaits.
parentPort!.on('message', notice => void tellExit(notice))

// Never rejects: as above.
setInterval(() => void look(), lookMs)

// Before this the process takes no updates.
parentPort!.postMessage('begun')
