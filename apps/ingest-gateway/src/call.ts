import type { Bot } from '@botyard/control-database'
import type { PlatformAdapter, VerifyResult, WebhookRequest, WebhookResponse } from '@botyard/platforms'
import type { ConversationKey } from '@botyard/queue-contracts'

/**
 * What became of a call. Only `stored` means that every update of it is stored and woken; `answer` is what
 * the platform then expects, if not the usual; `answeredBy` says whether the bot's handler was waited for.
 * `handshake`: there was nothing to store.
 */
export type AcceptOutcome =
  | {
      readonly status: 'stored'
      readonly answeredBy: 'gateway' | 'handler'
      readonly answer?: WebhookResponse
    }
  | { readonly status: 'handshake'; readonly answer: WebhookResponse }
  | { readonly status: 'backlog-full' }
  | { readonly status: 'refused'; readonly reason: Extract<VerifyResult, { genuine: false }>['reason'] }

/** The last update of each conversation so far, by its hash, of updates that the platform sent in one go. */
export type Page = Map<ConversationKey, Buffer>

/**
 * One call of a platform on its way to the store. It ends once, in whatever stage: by `resolve` or by
 * `reject`.
 */
export interface Call {
  readonly bot: Bot
  readonly adapter: PlatformAdapter
  readonly request: WebhookRequest
  /** `poll`: the gateway asked the platform. Such a call needs no proof and gets no answer. */
  readonly source: 'webhook' | 'poll'
  /** What polling fetched with it in one go. */
  readonly page?: Page | undefined
  resolve(outcome: AcceptOutcome): void
  reject(error: unknown): void
}

/**
 * Takes all calls through one stage and returns those that go on. A call for which `stage` returns nothing
 * has ended; one for which it throws ends with that error, and the others go on.
 */
export function takeThrough<In extends { readonly call: Call }, Out>(
  calls: readonly In[],
  stage: (call: In) => Out | undefined,
): Out[] {
  const goOn: Out[] = []
  for (const each of calls) {
    try {
      const next = stage(each)
      if (next !== undefined) goOn.push(next)
    } catch (error) {
      each.call.reject(error)
    }
  }
  return goOn
}
