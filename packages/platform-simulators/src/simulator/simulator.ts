import { type ApiCall, type Shown, startApiServer } from './api-server.ts'
import { type CallAttempt, type Caller, createCaller, type Delivery } from './caller.ts'
import type { Allowance, PlatformDefinition, Said } from './definition.ts'

/** A message that a chat shows; `chat` is undefined where nobody has written yet. */
export interface ShownMessage extends Shown {
  readonly chat: number | undefined
  readonly atMs: number
}

/** How a simulator is set up. */
export interface PlatformSimulatorOptions {
  /** Called for every message that a chat shows. */
  readonly onShown?: (message: ShownMessage) => void
  /** Keep `calls` and `shown` (true); long runs of load count by `onShown` instead. */
  readonly record?: boolean
}

/** How webhooks are called. */
export interface ConnectOptions {
  /** Where the webhook answers. */
  readonly url: string
  /** How the operator named it to the platform, if that differs. */
  readonly publicUrl?: string
  /** Most calls at once (40). */
  readonly maxConnections?: number
  /** Factor on the waits of redelivery (1). */
  readonly timeScale?: number
  /** Asked once a text: true loses the answer of its first success. */
  readonly losesAnswer?: () => boolean
  readonly onAttempt?: (attempt: CallAttempt<Said>) => void
}

/** A platform seen from one bot: its API on loopback, people who write, and the webhook calls these cause. */
export interface PlatformSimulator {
  /** What the bot is registered with. */
  readonly credentials: Readonly<Record<string, unknown>>
  /** The same with a secret that the API refuses. */
  readonly wrongCredentials: Readonly<Record<string, unknown>>
  readonly allowance: Allowance
  /** Calls of the API, in order. */
  readonly calls: readonly ApiCall[]
  /** What chats show of the bot, in order. */
  readonly shown: readonly ShownMessage[]
  /** Calls that the API refused because they were too many at once. */
  readonly throttled: number
  /** Calls this webhook from now on; called again it gives up what was pending. */
  connect(options: ConnectOptions): Promise<void>
  /**
   * Somebody writes in a chat (numbered from 0); settles when the platform is done with it, never rejects.
   */
  write(chat: number, text: string): Promise<Delivery<Said>>
  close(): Promise<void>
}

/**
 * Starts the API of a platform on loopback; webhooks wait for `connect`, since their url comes from
 * registering the bot.
 */
export async function createPlatformSimulator(
  definition: PlatformDefinition,
  { onShown, record = true }: PlatformSimulatorOptions = {},
): Promise<PlatformSimulator> {
  const chats = new Map<string, number>()
  const calls: ApiCall[] = []
  const shown: ShownMessage[] = []
  let throttled = 0
  const api = await startApiServer(
    request => definition.api(request),
    (call, reply) => {
      if (record) calls.push(call)
      if (reply.throttled) throttled++
      for (const { place, text } of [reply.shown ?? []].flat()) {
        const message = { place, text, chat: chats.get(place), atMs: call.atMs }
        if (record) shown.push(message)
        onShown?.(message)
        bringOwn(message)
      }
    },
  )
  const redeliversLost = definition.retryDelaySeconds(1, { kind: 'answer-lost', status: 200 }) !== undefined
  let caller: Caller<Said> | undefined
  let written = 0

  /** Its numbers are of all that was written, as a platform's ids are. */
  const bringOwn = ({ chat, text, atMs }: ShownMessage) => {
    if (!definition.bringsOwn || chat === undefined) return
    void caller?.deliver({ chat, text, number: ++written, atMs, as: 'own' })
  }

  return {
    credentials: definition.credentials(api.url),
    wrongCredentials: definition.wrongCredentials(api.url),
    allowance: definition.allowance,
    calls,
    shown,
    get throttled() {
      return throttled
    },
    async connect({ url, publicUrl = url, maxConnections = 40, timeScale = 1, losesAnswer, onAttempt }) {
      await caller?.close()
      caller = createCaller<Said>({
        url,
        maxConnections,
        timeScale,
        queueOf: ({ chat }) => String(chat),
        request: (said, attempt, last) => definition.call({ said: said as [Said], attempt, last, publicUrl }),
        accepts: (answer, said) => definition.accepts(answer, said),
        retryDelaySeconds: (failures, outcome) => definition.retryDelaySeconds(failures, outcome),
        ...(definition.batch && { batch: definition.batch }),
        // What is never sent again must not get lost by our own doing.
        ...(losesAnswer && redeliversLost && { losesAnswer }),
        ...(onAttempt && { onAttempt }),
      })
    },
    async write(chat, text) {
      if (caller === undefined) return { status: 'gone', attempts: [] }
      chats.set(definition.placeOf(chat), chat)
      const said: Said = { chat, text, number: ++written, atMs: Date.now() }
      if (!definition.isMention?.(said)) return await caller.deliver(said)
      // In either order.
      const mention = { ...said, as: 'mention' as const }
      const order = written % 4 < 2 ? [mention, said] : [said, mention]
      const deliveries = await Promise.all(order.map(event => caller!.deliver(event)))
      return deliveries[order.indexOf(said)]!
    },
    async close() {
      await caller?.close()
      await api.close()
    },
  }
}
