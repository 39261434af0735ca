import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

/** What a bot's traffic met. */
export interface Talk {
  /** Times to the answer, ms. */
  readonly ackMs: readonly number[]
  /** Answers other than 200, by status. */
  readonly refused: Readonly<Record<string, number>>
}

/**
 * A Telegram bot's traffic: so many updates a second, each of another chat, whether the one before was
 * answered or not.
 */
export interface Talker {
  talk(seconds: number): Promise<Talk>
  close(): void
}

const connections = 50

/** Opens the connections that Telegram would keep. */
export function createTalker(target: {
  port: number
  path: string
  secret: string
  perSecond: number
}): Talker {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  let updateId = 0

  function call(ackMs: number[], refused: Record<string, number>): Promise<void> {
    const id = ++updateId
    const chat = { id, type: 'private', first_name: 'Ada' }
    const message = {
      message_id: id,
      date: 1_764_000_000,
      chat,
      from: { ...chat, is_bot: false },
      text: 'hello '.repeat(30),
    }
    const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': target.secret }
    const options = {
      port: target.port,
      path: target.path,
      host: '127.0.0.1',
      method: 'POST',
      headers,
      agent,
    }
    const sentAt = performance.now()
    return new Promise(resolve => {
      const refuse = (status: string | number) => {
        refused[status] = (refused[status] ?? 0) + 1
        resolve()
      }
      const outgoing = request(options, answer => {
        if (answer.statusCode !== 200) refuse(answer.statusCode!)
        else ackMs.push(performance.now() - sentAt)
        answer.resume().on('end', resolve)
      })
      outgoing.on('error', error => refuse((error as NodeJS.ErrnoException).code ?? 'none'))
      outgoing.end(JSON.stringify({ update_id: id, message }))
    })
  }

  return {
    async talk(seconds) {
      const ackMs: number[] = []
      const refused: Record<string, number> = {}
      const startedAt = performance.now()
      const calls: Promise<void>[] = []
      for (let n = 0; n < seconds * target.perSecond; n++) {
        const waitMs = startedAt + (n * 1000) / target.perSecond - performance.now()
        if (waitMs > 0) await delay(waitMs)
        calls.push(call(ackMs, refused))
      }
      await Promise.all(calls)
      return { ackMs, refused }
    },
    close: () => agent.destroy(),
  }
}
