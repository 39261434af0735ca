import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartupError } from '../errors.ts'
import { describeFailure } from './describe-failure.ts'
import { logSize, openLog, readLogFrom } from './log-file.ts'
import { identityOf, type ProcessIdentity } from './process-identity.ts'

/** One process of the stack. */
export interface ChildSpec {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Receives stdout and stderr. */
  readonly log: string
  readonly uid?: number
  readonly gid?: number
  readonly stopSignal: NodeJS.Signals
  /** When it ends in a shutdown: all of turn 1 first, then those of turn 2, and so on. */
  readonly stopTurn: number
  /** How long it may take to end before it is killed, in ms. */
  readonly stopWithinMs: number
  /** Resolves to true once it does its work; called again and again until then. */
  isReady(): Promise<boolean>
  /** To be done before every start, the first one included. */
  prepare?(): Promise<void>
}

/** What the supervisor wants to know. */
export interface ChildEvents {
  /** There is a new pid. */
  started(): void
  /** It ended by itself, `how` says the signal or exit code. */
  crashed(child: ChildSpec, how: string, restartInMs: number): void
  /** It does its work again. */
  recovered(child: ChildSpec, pid: number): void
}

const firstBackoffMs = 250
const maxBackoffMs = 10_000
/** A child that ran this long begins with the first back-off again when it crashes. */
const stableAfterMs = 30_000
const readyWithinMs = 60_000
const readyPollMs = 50

/** A process that is started again when it ends by itself, with a growing pause in between. */
export class SupervisedChild {
  readonly #spec: ChildSpec
  readonly #events: ChildEvents
  #launching: Promise<void> | undefined
  #process: ChildProcess | undefined
  #identity: ProcessIdentity | undefined
  #ended: Promise<string> = Promise.resolve('')
  #stopping = new AbortController()
  #restarting = false
  /** Ends the pause before the next try. */
  #pause = new AbortController()
  #logStart = 0

  constructor(spec: ChildSpec, events: ChildEvents) {
    this.#spec = spec
    this.#events = events
  }

  get spec(): ChildSpec {
    return this.#spec
  }

  /** Undefined between a crash and the restart. */
  get identity(): ProcessIdentity | undefined {
    return this.#identity
  }

  /**
   * Starts it, waits until it is ready, and keeps it running from then on; throws a `StartupError` if it does
   * not come up.
   */
  async start(): Promise<void> {
    await this.#launch()
    const outcome = await this.#readyOrEnded(readyWithinMs)
    if (outcome !== 'ready') throw this.#startFailure(outcome)
    void this.#keepRunning()
  }

  /**
   * Has it end and start again at once: its code has changed. One that waits for its next try does not wait
   * any longer.
   */
  async restart(): Promise<void> {
    await this.#launching?.catch(() => {})
    this.#restarting = this.#process !== undefined
    this.#pause.abort()
    if (this.#process) await this.#end()
  }

  /** Asks it to end, kills it if it does not, and resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#pause.abort()
    await this.#launching?.catch(() => {})
    if (this.#process) await this.#end()
  }

  async #end(): Promise<void> {
    this.#process?.kill(this.#spec.stopSignal)
    const patience = new AbortController()
    const killed = sleep(this.#spec.stopWithinMs, undefined, { signal: patience.signal }).then(
      () => this.#process?.kill('SIGKILL'),
      () => undefined,
    )
    await this.#ended
    patience.abort()
    await killed
  }

  /**
   * Prepares and spawns it, unless it is to be stopped by then: `stop` waits for this, so nothing is left
   * half made.
   */
  #launch(): Promise<void> {
    const launch = async () => {
      if (this.#stopping.signal.aborted) return
      await this.#spec.prepare?.()
      if (!this.#stopping.signal.aborted) this.#spawn()
    }
    this.#launching = launch()
    return this.#launching
  }

  #spawn(): void {
    const { command, args, cwd, env, uid, gid, log } = this.#spec
    this.#logStart = logSize(log)
    const output = openLog(log)
    try {
      const child = spawn(command, args, {
        cwd,
        env,
        stdio: ['ignore', output, output],
        // Ctrl-C in the terminal must reach the supervisor alone: it ends the others in order.
        detached: true,
        ...(uid === undefined ? {} : { uid }),
        ...(gid === undefined ? {} : { gid }),
      })
      this.#process = child
      this.#ended = new Promise(resolve => {
        child.once('error', error => resolve(error.message))
        child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
      }).then(how => {
        this.#process = undefined
        this.#identity = undefined
        return how as string
      })
      this.#identity = child.pid === undefined ? undefined : identityOf(child.pid)
    } finally {
      closeSync(output)
    }
    this.#events.started()
  }

  async #keepRunning(): Promise<void> {
    let backoffMs = firstBackoffMs
    for (let startedAt = performance.now(); ; startedAt = performance.now()) {
      const how = await this.#ended
      if (this.#stopping.signal.aborted) return
      if (performance.now() - startedAt > stableAfterMs) backoffMs = firstBackoffMs
      if (this.#restarting) {
        this.#restarting = false
      } else {
        this.#pause = new AbortController()
        this.#events.crashed(this.#spec, how, backoffMs)
        await sleep(backoffMs, undefined, { signal: this.#pause.signal }).catch(() => {})
        if (this.#stopping.signal.aborted) return
        backoffMs = Math.min(backoffMs * 2, maxBackoffMs)
      }
      try {
        await this.#launch()
        if (this.#stopping.signal.aborted) return
      } catch (error) {
        // As with a full disk: try again later, as after a crash.
        this.#ended = Promise.resolve((error as Error).message)
        continue
      }
      if ((await this.#readyOrEnded(Number.POSITIVE_INFINITY)) === 'ready' && this.#identity) {
        this.#events.recovered(this.#spec, this.#identity.pid)
      }
    }
  }

  async #readyOrEnded(withinMs: number): Promise<'ready' | string> {
    const deadline = performance.now() + withinMs
    const ended = this.#ended
    let how: string | undefined
    void ended.then(value => {
      how = value
    })
    while (performance.now() < deadline) {
      const ready = await this.#spec.isReady().catch(() => false)
      if (how !== undefined) return how
      if (ready) return 'ready'
      await Promise.race([ended, sleep(readyPollMs)])
    }
    return `it was not ready within ${withinMs / 1000} s`
  }

  #startFailure(how: string): StartupError {
    const output = readLogFrom(this.#spec.log, this.#logStart)
    const problem = `${this.#spec.name} did not start (${how}).`
    return new StartupError(problem, describeFailure(output, this.#spec.log))
  }
}
