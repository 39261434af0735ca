import { Session } from 'node:inspector'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunningCode } from './running-code.ts'
import { whoRunsName } from './watch-protocol.ts'

/** Whose code runs in the main thread, and where. */
export interface Found {
  readonly code: Omit<RunningCode, 'fail'>
  /** Innermost first. */
  readonly frames: readonly string[]
}

/**
 * How often the thread looks. A single look may fall between two callbacks, as in a chain of ticks, where no
 * bot's code runs.
 */
const looks = 20
const betweenLooksMs = 50

/** Frames of Node itself, and of the look. */
const isInternal = /\(?(node:|<anonymous>)/

const expression = `(globalThis[Symbol.for('${whoRunsName}')]?.() ?? '') + '\\n' + new Error().stack`

/**
 * Finds out from another thread whose code the main thread runs, while that is blocked: the inspector
 * interrupts JavaScript, regular expressions included, to evaluate something in between. Undefined if it is
 * not a bot's, or if the thread is within a native call.
 */
export async function findWhoRuns(isBlocked: () => boolean): Promise<Found | undefined> {
  const session = new Session()
  let found: Found | undefined
  try {
    session.connectToMainThread()
    for (let n = 0; n < looks && found === undefined && isBlocked(); n++) {
      session.post('Runtime.evaluate', { expression, returnByValue: true }, (error, answer) => {
        if (error === null && typeof answer?.result.value === 'string') found ??= read(answer.result.value)
      })
      await delay(betweenLooksMs)
    }
  } finally {
    session.disconnect()
  }
  return found
}

function read(answer: string): Found | undefined {
  const [code = '', , ...lines] = answer.split('\n')
  if (code === '') return undefined
  const frames = lines.map(line => line.trim().slice('at '.length))
  return { code: JSON.parse(code), frames: frames.filter(frame => !isInternal.test(frame)) }
}
