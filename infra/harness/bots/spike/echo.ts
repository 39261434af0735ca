import { setTimeout as delay } from 'node:timers/promises'
import { defineBot } from '@botyard/bot-kit'

/** A bot that asks something else first: it takes a tenth of a second, whatever the machine. */
export default defineBot({
  onMessage: async ctx => {
    await delay(100, undefined, { signal: ctx.signal })
    ctx.reply(ctx.text)
  },
})
