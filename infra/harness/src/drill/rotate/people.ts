import { waitWhileItMoves } from '../../shared/wait.ts'

/** What became of the updates that people wrote. */
export interface Talk {
  readonly accepted: number
  /** Calls that were not answered 200, by status or error; the platform would send them again. */
  readonly refused: Readonly<Record<string, number>>
  readonly answered: number
  readonly doubled: number
  /** Answers that overtook another one of their chat. */
  readonly disordered: number
}

/** People who write to a bot at a steady rate through its webhook; it echoes. */
export interface People {
  readonly talk: Talk
  /** Takes a message of the bot. */
  hear(chat: number, text: string): void
  /** Stops writing, and waits until all is answered, or nothing has been for `patienceMs`. */
  stop(patienceMs: number): Promise<void>
}

/** A chat of this or a higher number has blocked the bot: what is sent there becomes a dead letter. */
export const blockedFrom = 900_000
/** So few that answers of a chat can overtake each other. */
const chats = 40
/** Every so many updates come from a chat that has blocked the bot. */
const blockedEvery = 25

/** Starts writing `perSecond` updates to the webhook at `url`. */
export function startPeople(options: { url: string; secret: string; perSecond: number }): People {
  const waiting = new Map<string, number>()
  const seen = new Set<string>()
  const lastOf = new Map<number, number>()
  const refused: Record<string, number> = {}
  const calls = new Set<Promise<void>>()
  let accepted = 0
  let answered = 0
  let doubled = 0
  let disordered = 0
  let n = 0

  async function write(): Promise<void> {
    const number = ++n
    const chat = number % blockedEvery === 0 ? blockedFrom + (number % 3) : (number % chats) + 1
    const text = `number ${number}`
    waiting.set(text, number)
    const status = await call(options, number, chat, text)
    if (status === '200') return void accepted++
    refused[status] = (refused[status] ?? 0) + 1
    waiting.delete(text)
  }

  const timer = setInterval(() => {
    const call = write().finally(() => calls.delete(call))
    calls.add(call)
  }, 1000 / options.perSecond)

  return {
    get talk() {
      return { accepted, refused, answered, doubled, disordered }
    },
    hear(chat, text) {
      if (seen.has(text)) return void doubled++
      const number = waiting.get(text)
      if (number === undefined) return
      waiting.delete(text)
      seen.add(text)
      answered++
      if (number < (lastOf.get(chat) ?? 0)) disordered++
      lastOf.set(chat, number)
    },
    async stop(patienceMs) {
      clearInterval(timer)
      await Promise.all(calls)
      await waitWhileItMoves(() => waiting.size, { isDone: left => left === 0, patienceMs, everyMs: 20 })
    },
  }
}

async function call(
  { url, secret }: { url: string; secret: string },
  number: number,
  chat: number,
  text: string,
): Promise<string> {
  const from = { id: chat, is_bot: false, first_name: 'Ann' }
  const message = {
    message_id: number,
    date: Math.floor(Date.now() / 1000),
    chat: { id: chat, type: 'private' },
    from,
    text,
  }
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
      body: JSON.stringify({ update_id: number, message }),
    })
    await answer.arrayBuffer()
    return String(answer.status)
  } catch (error) {
    return (error as { cause?: { code?: string } }).cause?.code ?? 'no answer'
  }
}
