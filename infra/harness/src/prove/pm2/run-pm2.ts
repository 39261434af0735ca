import { Agent, request } from 'node:http'
import { freePort, untilTrue } from '@botyard/testkit'
import { startSystem } from '../operations/system.ts'
import { installPm2 } from './pm2-program.ts'

/** What was seen of a reload. */
export interface Pm2Result {
  readonly instances: number
  /** Processes of before that still ran after it. */
  readonly left: number
  readonly seconds: number
  readonly answers: Readonly<Record<string, number>>
}

/** Reloads gateways under PM2 while platforms call without a pause. */
export async function runPm2(
  { instances, callers }: { readonly instances: number; readonly callers: number },
  say: (line: string) => void,
): Promise<Pm2Result> {
  await using system = await startSystem()
  const [port, opsPort] = [await freePort(), await freePort()]
  say('installing PM2')
  await using pm2 = await installPm2({
    ...system.variables,
    ...{ GATEWAY_HOST: '127.0.0.1', GATEWAY_PORT: String(port), GATEWAY_OPS_PORT: String(opsPort) },
    GATEWAY_INSTANCES: String(instances),
  })
  await pm2.start('gateway')
  const before = await pm2.pids('gateway')
  await untilTrue(async () => (await fetch(`http://127.0.0.1:${opsPort}/ready`)).ok, 'ready', 120_000)

  say(`${before.length} gateways run under PM2; ${callers} callers call, and it reloads`)
  const traffic = startCallers(port, callers)
  await untilTrue(() => (traffic.answers['200'] ?? 0) > 200, 'calls are answered', 60_000)
  const since = performance.now()
  await pm2.reload('gateway')
  const seconds = (performance.now() - since) / 1_000
  const reached = (traffic.answers['200'] ?? 0) + 200
  await untilTrue(() => (traffic.answers['200'] ?? 0) > reached, 'calls are answered after it', 60_000)
  const answers = await traffic.stop()
  const after = await pm2.pids('gateway')
  return { instances: after.length, left: after.filter(pid => before.includes(pid)).length, seconds, answers }
}

/** Callers that call one after the other on connections kept alive, and what they were answered. */
function startCallers(port: number, callers: number) {
  const agent = new Agent({ keepAlive: true })
  const answers: Record<string, number> = {}
  let updates = 0
  let isOver = false
  const all = Array.from({ length: callers }, async () => {
    while (!isOver) {
      const outcome = await call(agent, port, ++updates)
      answers[outcome] = (answers[outcome] ?? 0) + 1
    }
  })
  return {
    answers,
    async stop() {
      isOver = true
      await Promise.all(all)
      agent.destroy()
      return answers
    },
  }
}

/** The status, or the error's code. */
function call(agent: Agent, port: number, update: number): Promise<string> {
  const person = { id: update, is_bot: false, first_name: 'a' }
  const message = { message_id: 1, date: 1, chat: { id: update, type: 'private' }, from: person, text: 'hi' }
  return new Promise(resolve => {
    const outgoing = request({
      ...{ agent, port, host: '127.0.0.1', method: 'POST', path: '/hooks/telegram/echo' },
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': 'sesame' },
    })
    outgoing.on('response', answer => {
      answer.resume().on('end', () => resolve(String(answer.statusCode)))
    })
    outgoing.on('error', error => resolve(String((error as { code?: string }).code)))
    outgoing.end(JSON.stringify({ update_id: update, message }))
  })
}
