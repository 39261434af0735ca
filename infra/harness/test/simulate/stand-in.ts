import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { RunningSystem } from '../../src/simulate/running-system.ts'

/** What the stand-in does wrong, told by how many updates it accepted before. */
export interface Misbehaviour {
  loses?: (accepted: number) => boolean
  doubles?: (accepted: number) => boolean
  /** Replies to this one after the next one of its chat. */
  swaps?: (accepted: number) => boolean
  garbles?: (accepted: number) => boolean
  /** Status of the answer instead of 200, by webhook calls before. */
  refuses?: (calls: number) => number | undefined
  forgetsDuplicates?: boolean
  /** No worker has the handler: from the start, or since then. */
  handlerMissing?: 'always' | 'later'
}

interface Bot {
  id: string
  credentials: { token: string; webhookSecret: string; apiRoot: string }
}

/**
 * A tiny system in place of the real one: accepts webhooks, replies the same text in order, and has an admin
 * API.
 */
export async function startStandIn(t: TestContext, wrong: Misbehaviour = {}) {
  const adminToken = randomBytes(16).toString('hex')
  const bots = new Map<string, Bot>()
  const registered: string[] = []
  const seen = new Set<number>()
  const tails = new Map<number, Promise<unknown>>()
  const heldBack = new Map<number, string>()
  let calls = 0
  let accepted = 0

  const send = async (bot: Bot, chat: number, text: string) => {
    const { apiRoot, token } = bot.credentials
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ chat_id: chat, text })
    await fetch(`${apiRoot}/bot${token}/sendMessage`, { method: 'POST', headers, body }).then(answer =>
      answer.text(),
    )
  }
  const reply = (bot: Bot, chat: number, text: string) => {
    const tail = (tails.get(chat) ?? Promise.resolve()).then(() => send(bot, chat, text))
    tails.set(
      chat,
      tail.catch(() => {}),
    ) // The simulator has gone at the end of its test.
  }
  const accept = (
    bot: Bot,
    update: { update_id: number; message: { chat: { id: number }; text: string } },
  ) => {
    if (seen.has(update.update_id) && !wrong.forgetsDuplicates) return
    seen.add(update.update_id)
    const number = accepted++
    const { chat, text } = update.message
    const before = heldBack.get(chat.id)
    heldBack.delete(chat.id)
    if (wrong.loses?.(number)) return
    if (wrong.swaps?.(number)) return void heldBack.set(chat.id, text)
    reply(bot, chat.id, wrong.garbles?.(number) ? `${text} and more` : text)
    if (wrong.doubles?.(number)) reply(bot, chat.id, text)
    if (before !== undefined) reply(bot, chat.id, before)
  }

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = (await request.toArray()).join('')
    const path = request.url ?? ''
    if (path.startsWith('/api/v1/bots') && request.headers.authorization !== `Bearer ${adminToken}`)
      return 401
    if (request.method === 'GET' && path.startsWith('/api/v1/bots/')) {
      const missing = { status: 'unhealthy', reason: 'WRK_HANDLER_MISSING' }
      response.write(JSON.stringify({ health: wrong.handlerMissing ? missing : { status: 'healthy' } }))
      return 200
    }
    if (request.method === 'POST' && path === '/api/v1/bots') {
      if (wrong.handlerMissing === 'always') {
        response.statusCode = 400
        response.write(
          JSON.stringify({ error: { code: 'ADM_UNKNOWN_HANDLER', message: 'No worker has it' } }),
        )
        return 400
      }
      const bot = JSON.parse(body) as Bot
      bots.set(bot.id, bot)
      registered.push(bot.id)
      response.statusCode = 201
      response.write(
        JSON.stringify({ id: bot.id, webhookUrl: `https://bots.example.org/hooks/telegram/${bot.id}` }),
      )
      return 201
    }
    if (request.method === 'DELETE') return bots.delete(path.slice('/api/v1/bots/'.length)) ? 204 : 404
    const bot = bots.get(path.slice('/hooks/telegram/'.length))
    if (bot === undefined) return 404
    if (request.headers['x-telegram-bot-api-secret-token'] !== bot.credentials.webhookSecret) return 401
    const refusal = wrong.refuses?.(calls++)
    if (refusal !== undefined) return refusal
    accept(bot, JSON.parse(body))
    return 200
  }

  const server = createServer(async (request, response) => {
    const status = await serve(request, response)
    if (!response.headersSent) response.statusCode = status
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const dir = await mkdtemp(join(tmpdir(), 'botyard-simulate-'))
  t.after(async () => {
    server.closeAllConnections()
    server.close()
    await rm(dir, { recursive: true })
  })

  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const run: RunningSystem = { gatewayUrl: url, adminUrl: url, adminToken }
  const runFile = join(dir, 'run.json')
  await writeFile(runFile, JSON.stringify(run))
  return { run, runFile, bots, registered }
}
