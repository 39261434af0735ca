import type { Bot } from '@botyard/control-database'
import type { WebhookRequest } from '@botyard/platforms'
import type { Tracing } from '@botyard/service-kit/tracing'
import type { AcceptOutcome } from './call.ts'

/** Takes a call to the store, `rest` besides its bot and itself. */
type Accept<Request, Rest extends unknown[]> = (
  bot: Bot,
  request: Request,
  ...rest: Rest
) => Promise<AcceptOutcome>

/**
 * Gives each call a span, from here to its answer, which its updates name. The run of the bot comes later,
 * perhaps much later, and is no part of the call: it is linked.
 */
export function traceCalls<Request extends Omit<WebhookRequest, 'body'>, Rest extends unknown[]>(
  accept: Accept<Request, Rest>,
  tracing: Tracing | undefined,
): Accept<Request, Rest> {
  if (tracing === undefined) return accept
  return (bot, request, ...rest) =>
    tracing.root(
      'webhook',
      { kind: 'server', facts: { bot: bot.id, platform: bot.platform } },
      async span => {
        const traced = span.isKept ? { ...request, trace: span.traceparent } : request
        const outcome = await accept(bot, traced, ...rest)
        span.note({ outcome: outcome.status })
        return outcome
      },
    )
}
