import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { createUpdateBuilder, type SimulatedBotApi } from '@botyard/platform-simulators'
import { until } from '@botyard/testkit'
import type { Deployment } from '../../shared/deployment/deployment.ts'
import { platforms } from '../../simulate/platforms/index.ts'
import { simulateTraffic } from '../../simulate/simulate-traffic.ts'

const everyMs = 250

/** What is written to which example bot, so that each part of a worker has something to do. */
const talks = [
  { handler: 'support', intake: 'webhook', text: 'Where is my order #48213?' },
  { handler: 'diary', intake: 'webhook', text: 'I slept well' },
  { handler: 'echo', intake: 'polling', text: 'hello' },
] as const

/**
 * Traffic of three platforms, and talks with bots that use tasks, shards and polling. Answers with the polled
 * bot's id.
 */
export async function sendVariedTraffic(
  deployment: Deployment,
  api: SimulatedBotApi,
  { rate, seconds }: { rate: number; seconds: number },
  say: (line: string) => void,
): Promise<string> {
  const ids = await Promise.all(talks.map(talk => addBot(deployment, api, talk)))
  const sent = new AbortController()
  const talking = talk(deployment, api, ids, sent.signal)
  const simulated = ['telegram', 'slack', 'discord'].map(name =>
    simulateTraffic(
      {
        ...{ run: deployment.system, platform: platforms[name]!, rate, seconds, seed: 1 },
        ...{ chats: 200, patienceSeconds: 60, duplicateShare: 0.02 },
      },
      { onProgress: () => undefined, onWarning: say },
      new AbortController().signal,
    ),
  )
  await Promise.all(simulated)
  sent.abort()
  await talking
  return ids[2]!
}

const secret = randomBytes(16).toString('hex')

async function addBot(
  { system }: Deployment,
  api: SimulatedBotApi,
  { handler, intake }: (typeof talks)[number],
): Promise<string> {
  const id = `${handler}-${intake}`
  const credentials = { token: api.token, webhookSecret: secret, apiRoot: api.url }
  const answer = await fetch(`${system.adminUrl}/api/v1/bots`, {
    method: 'POST',
    headers: { authorization: `Bearer ${system.adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ id, platform: 'telegram', handler, credentials },
      settings: intake === 'polling' ? { intake } : {},
    }),
  })
  if (!answer.ok) throw new Error(`The bot ${id} was not added: ${await answer.text()}`)
  return id
}

async function talk(
  { system }: Deployment,
  api: SimulatedBotApi,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const builder = createUpdateBuilder()
  let said = 0
  while (!signal.aborted) {
    for (const [i, { intake, text }] of talks.entries()) {
      const update = builder.message({ chat: 1 + (said++ % 20), text })
      if (intake === 'polling') api.queue(update)
      else await post(`${system.gatewayUrl}/hooks/telegram/${ids[i]}`, update)
    }
    await delay(everyMs, undefined, { signal }).catch(() => undefined)
  }
  await until(() => api.unconfirmed.length === 0)
}

async function post(url: string, update: object): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
    body: JSON.stringify(update),
  })
  await answer.arrayBuffer()
}
