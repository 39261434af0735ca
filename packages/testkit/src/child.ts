import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { guardProcess, releaseProcess } from './process-guard.ts'
import { patienceMs } from './until.ts'

/** How a process ended. */
export interface ProcessExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A running program whose output is kept, line by line. */
export interface TestProcess {
  readonly pid: number
  /** Every line of stdout and stderr so far. */
  readonly lines: readonly string[]
  readonly running: boolean
  /** Settles when the process has ended and all its output is in `lines`. */
  readonly exited: Promise<ProcessExit>
  /**
   * The first line that matches, from line number `from` on (0); rejects when the process ends first or after
   * `timeoutMs` (four minutes).
   */
  waitForLine(match: string | RegExp, options?: { from?: number; timeoutMs?: number }): Promise<string>
  /** Sends a signal (SIGKILL) and waits for the end; a process that has ended already is fine. */
  kill(signal?: NodeJS.Signals): Promise<ProcessExit>
  /** SIGSTOP: the process stands still and keeps its connections. */
  pause(): void
  /** SIGCONT. */
  resume(): void
}

interface LineWaiter {
  matches(line: string): boolean
  found(line: string): void
  ended(): void
}

/** Starts a program; rejects when it cannot be started. It is killed when the test process ends. */
export async function startChild(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<TestProcess> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  await once(child, 'spawn')
  const pid = child.pid!
  guardProcess(pid)
  return observe(child, pid, command)
}

function observe(child: ChildProcess, pid: number, command: string): TestProcess {
  const lines: string[] = []
  const waiters = new Set<LineWaiter>()
  let running = true

  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream! }).on('line', line => {
      lines.push(line)
      for (const waiter of waiters) if (waiter.matches(line)) waiter.found(line)
    })
  }
  child.once('exit', () => {
    running = false
    releaseProcess(pid)
  })
  const exited = new Promise<ProcessExit>(resolve => {
    child.once('close', (code, signal) => {
      resolve({ code, signal })
      for (const waiter of waiters) waiter.ended()
    })
  })

  return {
    pid,
    lines,
    exited,
    get running() {
      return running
    },
    waitForLine(match, { from = 0, timeoutMs = patienceMs } = {}) {
      const matches = (line: string) => (typeof match === 'string' ? line.includes(match) : match.test(line))
      const already = lines.slice(from).find(matches)
      if (already !== undefined) return Promise.resolve(already)
      return new Promise((resolve, reject) => {
        const done = () => {
          clearTimeout(timer)
          waiters.delete(waiter)
        }
        const failed = (why: string) => {
          done()
          reject(
            new Error(
              `${command}: ${why} before it printed ${match}. Its output:\n${lines.slice(-40).join('\n')}`,
            ),
          )
        }
        const waiter: LineWaiter = {
          matches,
          found(line) {
            done()
            resolve(line)
          },
          ended: () => failed('it ended'),
        }
        const timer = setTimeout(() => failed(`${timeoutMs} ms passed`), timeoutMs)
        waiters.add(waiter)
        if (!running && child.stdout!.destroyed) waiter.ended()
      })
    },
    kill(signal = 'SIGKILL') {
      if (running) {
        child.kill(signal)
        if (signal !== 'SIGKILL') child.kill('SIGCONT') // A paused process would never see it.
      }
      return exited
    },
    pause: () => void (running && child.kill('SIGSTOP')),
    resume: () => void (running && child.kill('SIGCONT')),
  }
}
