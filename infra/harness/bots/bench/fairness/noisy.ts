import { setTimeout as delay } from 'node:timers/promises'
import { defineBot } from '@botyard/bot-kit'

/** Takes as long as HANDLER_MS says to reply the same text. */
export default defineBot({
  async onMessage(ctx) {
    await delay(Number(process.env.HANDLER_MS))
    ctx.reply(ctx.text)
  },
})
