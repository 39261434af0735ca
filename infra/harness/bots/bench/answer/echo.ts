import { defineBot } from '@botyard/bot-kit'

/** Replies the same text: the least that a bot can do and be heard. */
export default defineBot({
  onMessage: ctx => {
    ctx.reply(ctx.text)
  },
})
