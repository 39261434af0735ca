import { setTimeout as delay } from 'node:timers/promises'

/** A Telegram bot that somebody writes to once in a while. */
export interface ProbedBot {
  readonly url: string
  readonly secret: string
}

/** What came of the probes. */
export interface ProbeReport {
  /** Times of those that were accepted, in ms. */
  readonly ackMs: readonly number[]
  readonly refused: number
}

const everyMs = 100

/** Calls a bot ten times a second until the signal; each update is a new one of a new chat. */
export async function probe({ url, secret }: ProbedBot, signal: AbortSignal): Promise<ProbeReport> {
  const ackMs: number[] = []
  let refused = 0
  const first = Date.now()
  for (let n = 0; !signal.aborted; n++) {
    const from = { id: first + n, is_bot: false, first_name: 'a' }
    const chat = { id: first + n, type: 'private' }
    const message = { message_id: 1, date: Math.floor(first / 1000), chat, from, text: 'hello' }
    const since = performance.now()
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
      body: JSON.stringify({ update_id: (first % 1e9) + n, message }),
    })
    await answer.arrayBuffer()
    if (answer.ok) ackMs.push(performance.now() - since)
    else refused++
    await delay(everyMs, undefined, { signal }).catch(() => undefined)
  }
  return { ackMs, refused }
}
