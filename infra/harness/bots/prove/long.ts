import { appendFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { defineBot } from '@botyard/bot-kit'

/** A handler that takes its time, and notes in RUNS_FILE that it began. */
export default defineBot({
  onMessage: async ctx => {
    appendFileSync(process.env.RUNS_FILE!, `${ctx.text}\n`)
    await delay(20_000, undefined, { signal: ctx.signal })
    ctx.reply(ctx.text)
  },
})
