import { defineBot } from '@botyard/bot-kit'

/** Answers when the proof lets it: what HOLD_URL answers. */
export default defineBot({
  onMessage: async ctx => {
    const answer = await fetch(process.env.HOLD_URL!, { signal: ctx.signal })
    ctx.reply(await answer.text())
  },
})
