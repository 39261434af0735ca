import { once } from 'node:events'
import inspector from 'node:inspector'
import { Worker } from 'node:worker_threads'
import { namesOf, runningCode } from './running-code.ts'
import {
  type ExitNotice,
  lookMs,
  places,
  sharedBytes,
  type WatchData,
  whoRunsName,
} from './watch-protocol.ts'

/** The exit code of a process that a bot's code ended, if that named none. */
const endedByBot = 70

/**
 * How long the exit waits for what the thread has to say, in ms: less than the heartbeat stands, and more
 * than a busy machine takes.
 */
const lastWordsMs = 2_000

/** A watch over this process's event loop. */
export interface LoopWatch {
  /** Resolves when the thread watches; rejects if it cannot. */
  readonly begun: Promise<void>
  close(): Promise<void>
}

/** What the watch is set to. */
export interface WatchOptions extends Omit<WatchData, 'shared'> {
  /** The thread has ended, and nobody watches any more. */
  readonly onEnd: (error: Error) => void
}

/**
 * Has a thread watch the event loop. If a bot's code blocks it for `blockedMs`, or ends the process, the
 * thread names the update in the log and in Redis, and ends the process. It finds out whose code runs by
 * the inspector, when it has to: this costs the updates nothing.
 */
export function watchLoop({ onEnd, ...options }: WatchOptions): LoopWatch {
  // A process that is stopped in a debugger is meant to stand still.
  if (inspector.url() !== undefined) return { begun: Promise.resolve(), close: async () => undefined }
  const shared = new SharedArrayBuffer(sharedBytes)
  const state = new Int32Array(shared)
  const workerData: WatchData = { ...options, shared }
  Object.defineProperty(globalThis, Symbol.for(whoRunsName), { value: whoRuns, configurable: true })
  const thread = new Worker(new URL('./watch-thread.ts', import.meta.url), { workerData, name: 'watch-loop' })
  const begun = once(thread, 'message').then(() => undefined)
  thread.on('error', onEnd)
  // Never throws.
  const timer = setInterval(() => Atomics.add(state, places.beats, 1), lookMs)

  function onExit(exitCode: number): void {
    const code = runningCode()
    if (code === undefined) return
    if (exitCode === 0) process.exitCode = endedByBot
    const notice: ExitNotice = { code: namesOf(code), exitCode }
    thread.postMessage(notice)
    Atomics.wait(state, places.hasSpoken, 0, lastWordsMs)
  }
  // Never throws: it sends plain values, and waits.
  process.on('exit', onExit)

  return {
    begun,
    async close() {
      process.off('exit', onExit)
      clearInterval(timer)
      await thread.terminate()
    },
  }
}

function whoRuns(): string {
  const code = runningCode()
  return code === undefined ? '' : JSON.stringify(namesOf(code))
}
