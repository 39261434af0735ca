import { defineBot } from '@botyard/bot-kit'

/** Replies what it is sent, and how many messages of the conversation it remembers. */
export default defineBot({
  async onMessage(ctx) {
    const said = await ctx.state.conversation.update<number>('said', (before = 0) => before + 1)
    ctx.reply(`${ctx.text}, ${said}`)
  },
})
