import { setTimeout as delay } from 'node:timers/promises'
import { createControlDatabase } from '@botyard/control-database'
import { createKeyring } from '@botyard/service-kit'
import { untilTrue } from '@botyard/testkit'
import { pino } from 'pino'
import { telegramToken } from './apps.ts'
import type { Arrival } from './bot-api.ts'
import { addBot } from './bots.ts'
import type { Installation } from './installation.ts'

/** One message to the bot, and what came of it. */
export interface Message {
  readonly update: number
  readonly chat: number
  readonly text: string
  /** Replies to it, in the order in which they came, each with the count that the bot told. */
  readonly counts: number[]
}

/** People who write to the bot, one message after the other in each chat. */
export interface People {
  readonly messages: readonly Message[]
  /** Everybody writes `times` messages; resolves when each was answered 200. */
  write(gatewayUrl: string, times: number): Promise<Message[]>
  /** As a platform does that did not hear the answer; the status. */
  redeliver(gatewayUrl: string, message: Message): Promise<number>
  /** Resolves when each of these has its reply, and as many as that. */
  replied(messages: readonly Message[], replies?: number): Promise<void>
  onArrival(arrival: Arrival): undefined
}

const maxAttempts = 30
const againAfterMs = 500

const bot = 'counter'
const secret = 'correct-horse-battery-staple'

/** Adds the bot that they write to, which numbers the messages of each chat. */
export async function addCounter(
  { controlUrl, env }: Pick<Installation, 'controlUrl' | 'env'>,
  apiRoot: string,
): Promise<void> {
  const db = createControlDatabase({ url: controlUrl, poolSize: 1, logger: pino({ level: 'silent' }) })
  try {
    const credentials = { token: telegramToken(), webhookSecret: secret, apiRoot }
    const keyring = createKeyring(JSON.parse(env.KEYRING!))
    await addBot(db, keyring, { id: bot, platform: 'telegram', handler: bot, credentials, settings: {} })
  } finally {
    await db.destroy()
  }
}

/** `chats` people who have written nothing yet. */
export function createPeople(chats: number): People {
  const messages: Message[] = []
  const byText = new Map<string, Message>()
  const deliver = async (gatewayUrl: string, { update, chat, text }: Message) => {
    const from = { id: chat, is_bot: false, first_name: 'Ada' }
    const message = { message_id: update, date: 1, chat: { id: chat, type: 'private' }, from, text }
    const answer = await fetch(`${gatewayUrl}/hooks/telegram/${bot}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
      body: JSON.stringify({ update_id: update, message }),
      signal: AbortSignal.timeout(5_000),
    })
    return answer.status
  }
  /** As a platform does: again, until it is answered 200. */
  const deliverUntilTaken = async (gatewayUrl: string, message: Message) => {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const status = await deliver(gatewayUrl, message).catch(() => 0)
      if (status === 200) return
      await delay(againAfterMs)
    }
    throw new Error(`Update ${message.update} was not taken, however often it was sent`)
  }
  return {
    messages,
    redeliver: deliver,
    async write(gatewayUrl, times) {
      const written: Message[] = []
      for (let n = 0; n < times; n++) {
        const round = Array.from({ length: chats }, async (_, i) => {
          const update = messages.length + 1
          const message = { update, chat: i + 1, text: `message ${update}`, counts: [] }
          messages.push(message)
          written.push(message)
          byText.set(message.text, message)
          await deliverUntilTaken(gatewayUrl, message)
        })
        await Promise.all(round)
      }
      return written
    },
    async replied(wanted, replies = 1) {
      await untilTrue(() => wanted.every(({ counts }) => counts.length >= replies), 'all replies', 60_000)
    },
    onArrival({ text }) {
      const [, said = '', count] = /^(message \d+), (\d+)$/.exec(text) ?? []
      byText.get(said)?.counts.push(Number(count))
      return undefined
    },
  }
}
