import { type BotContext, defineBot } from '@botyard/bot-kit'
import support from '@botyard/example-bots/support'
import understand from '@botyard/example-bots/support/understand.task'

/** The support bot, but what it computes it computes on the event loop. */
export default defineBot({ onMessage: ctx => support.onMessage?.(withoutThreads(ctx)) })

function withoutThreads(ctx: BotContext): BotContext {
  return Object.create(ctx, { run: { value: async (_task: unknown, text: string) => understand(text) } })
}
