import { defineBot } from '@botyard/bot-kit'

/** Replies the same text, once it has counted it on the conversation's shard. */
export default defineBot({
  onMessage: async ctx => {
    await ctx.state.conversation.update('messages', (messages: number | undefined) => (messages ?? 0) + 1)
    ctx.reply(ctx.text)
  },
})
