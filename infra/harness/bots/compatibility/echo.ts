import { defineBot } from '@botyard/bot-kit'

/**
 * Replies what it is sent, if all that it remembers fits: how many messages the conversation has had, which
 * each message tells of itself, and a session. Otherwise it replies what does not fit, which nobody sent.
 */
export default defineBot<{ session: number; profile: { messages: number } }>({
  async onMessage(ctx) {
    const [, sequence] = /chat \d+ message (\d+)/.exec(ctx.text) ?? []
    const said = await ctx.state.conversation.update<number>('said', (before = 0) => before + 1)
    if (said !== Number(sequence)) return ctx.reply(`${said} messages are remembered: ${ctx.text}`)
    if (ctx.update.user !== undefined) {
      const { messages } = await ctx.user.update(({ messages: before = 0 }) => ({ messages: before + 1 }))
      const last = await ctx.session.get()
      if (last !== undefined && last > said) return ctx.reply(`the session knows of ${last}: ${ctx.text}`)
      if (messages === undefined) return ctx.reply(`the profile is lost: ${ctx.text}`)
      await ctx.session.set(said)
    }
    ctx.reply(ctx.text)
  },
})
