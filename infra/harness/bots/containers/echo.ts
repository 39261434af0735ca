import { defineBot } from '@botyard/bot-kit'

export default defineBot({ onMessage: ctx => ctx.reply(ctx.text) })
