import { defineBot } from '@botyard/bot-kit'

/** Replies the same text. */
export default defineBot({
  onMessage: ctx => {
    if (ctx.text !== '') ctx.reply(ctx.text)
  },
})
