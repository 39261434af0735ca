import { defineBot } from '@botyard/bot-kit'

/** Reads who writes, remembers something of them, and replies the same text. */
export default defineBot<{ profile: { name: string } }>({
  async onMessage(ctx) {
    const { name = 'stranger' } = await ctx.user.get()
    const said = await ctx.state.user.update<number>('said', (before = 0) => before + 1)
    ctx.reply(`${name}, ${said}: ${ctx.text}`)
  },
})
