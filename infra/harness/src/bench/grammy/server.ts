import { createServer } from 'node:http'
import { Bot, webhookCallback } from 'grammy'
import { pino } from 'pino'
import { z } from 'zod'

/*
 * grammY in process, as its documentation has it behind a webhook: nothing is stored, and the platform is
 * answered when the reply is sent. Every choice is made in its favour: Node's own HTTP server, no limits, no
 * metrics, no log line a call.
 */
const config = z
  .object({
    API_ROOT: z.string(),
    BOT_TOKEN: z.string(),
    WEBHOOK_SECRET: z.string(),
    PORT: z.coerce.number().int(),
  })
  .parse(process.env)
const logger = pino({ name: 'grammy' }, pino.destination({ sync: false }))

const bot = new Bot(config.BOT_TOKEN, { client: { apiRoot: config.API_ROOT } })
bot.on('message:text', async ctx => {
  await ctx.reply(ctx.message.text)
})
bot.catch(error => logger.error({ err: error.error }, 'update failed'))
await bot.init()

const callback = webhookCallback(bot, 'http', { secretToken: config.WEBHOOK_SECRET })
const server = createServer((request, response) => {
  callback(request, response).catch(error => {
    logger.error({ err: error }, 'call failed')
    response.writeHead(500).end()
  })
})
server.listen(config.PORT, '127.0.0.1', () => logger.info('ready'))

process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
})
