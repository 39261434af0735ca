import { createChatSequence, type Shape } from './chat-sequence.ts'
import { type Connection, type Outcome, openConnection } from './connection.ts'
import type { LoadTarget } from './request-template.ts'

/** How much load, and where it goes. */
export interface Load {
  readonly target: LoadTarget
  readonly connections: number
  readonly chats: number
  readonly shape: Shape
  readonly seconds: number
  /** Requests a second over all connections; default as many as are answered. */
  readonly perSecond?: number | undefined
}

/** What is asked and told while the load runs. */
export interface LoadHooks {
  /** A number for the next update; undefined while no more may be under way: `Drive.goOn` asks again. */
  next(chat: number, now: number): number | undefined
  /** All connections are open, and the first request goes out. */
  onStart(now: number): void
  onOutcome(outcome: Outcome, now: number): void
}

/** A load that runs. */
export interface Drive {
  /** There may be room again. */
  goOn(): void
  /** Resolves when the time is over, every request is answered and the connections are closed. */
  readonly ended: Promise<void>
}

/**
 * Loads a webhook: the connections take turns, each with one request under way. A request follows as soon as
 * one is free or, if a rate is given, when its time has come.
 */
export function driveLoad(load: Load, { next, onStart, onOutcome }: LoadHooks): Drive {
  const nextChat = createChatSequence(load.shape, load.chats)
  const pauseMs = load.perSecond === undefined ? 0 : 1000 / load.perSecond
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  const connections = Array.from({ length: load.connections }, () => openConnection(load.target, settle))
  const free: Connection[] = []
  const broken = new Set<Connection>()
  let chat = nextChat()
  let dueAt = Number.POSITIVE_INFINITY
  let deadline = Number.POSITIVE_INFINITY
  let timer: NodeJS.Timeout | undefined

  void Promise.all(connections.map(({ opened }) => opened)).then(() => {
    const now = performance.now()
    free.push(...connections.filter(connection => !broken.has(connection)))
    dueAt = now
    deadline = now + load.seconds * 1000
    onStart(now)
    setTimeout(endOnTime, load.seconds * 1000)
    send(now)
  })

  function settle(connection: Connection, outcome: Outcome): void {
    const now = performance.now()
    if (outcome.status === 'broken') {
      broken.add(connection)
      const at = free.indexOf(connection)
      if (at !== -1) free.splice(at, 1)
    } else free.push(connection)
    onOutcome(outcome, now)
    if (now < deadline) send(now)
    else endIfDone()
  }

  function send(now: number): void {
    while (free.length > 0 && dueAt <= now && now < deadline) {
      const sequence = next(chat, now)
      if (sequence === undefined) return
      free.shift()!.send(sequence, chat, now)
      dueAt += pauseMs
      chat = nextChat()
    }
    if (dueAt > now && free.length > 0 && timer === undefined) {
      timer = setTimeout(() => {
        timer = undefined
        send(performance.now())
      }, dueAt - now)
    }
  }

  /** A timer may fire a moment early, and after it there may be no answer that would end the run. */
  function endOnTime(): void {
    if (performance.now() < deadline) setTimeout(endOnTime, 1)
    else endIfDone()
  }

  function endIfDone(): void {
    if (performance.now() < deadline || free.length + broken.size < connections.length) return
    clearTimeout(timer)
    for (const connection of connections) connection.close()
    end()
  }

  return { goOn: () => send(performance.now()), ended }
}
