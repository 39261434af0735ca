import { Agent, request } from 'node:http'
import type { TestContext } from 'node:test'

/** What a call is made with. */
export interface CallOptions {
  readonly port: number
  readonly agent?: Agent
  readonly secret?: string
  readonly text?: string
  /** The address to call from. */
  readonly from?: string
  /**
   * Bytes of the body that are sent before the answer is waited for, all by default. Who is refused while it
   * sends more may lose the answer with its connection.
   */
  readonly sends?: number
}

let updates = 0

/** One call as Telegram makes it: the status and headers, or status 0 and the error's code. */
export function callAsTelegram({ port, agent, secret = 'sesame', text = 'hello', from, sends }: CallOptions) {
  const update = ++updates
  const person = { id: update, is_bot: false, first_name: 'a' }
  const message = { message_id: 1, date: 1, chat: { id: update, type: 'private' }, from: person, text }
  const body = Buffer.from(JSON.stringify({ update_id: update, message }))
  return new Promise<{ status: number; body: string; retryAfter?: string | undefined }>(resolve => {
    const outgoing = request({
      ...{ port, host: '127.0.0.1', method: 'POST', path: '/hooks/telegram/echo', agent: agent ?? false },
      ...(from !== undefined && { localAddress: from }),
      headers: {
        'content-type': 'application/json',
        'content-length': body.length,
        'x-telegram-bot-api-secret-token': secret,
      },
    })
    outgoing.on('response', answer => {
      const chunks: Buffer[] = []
      answer.on('data', chunk => chunks.push(chunk))
      answer.on('end', () => {
        if (sends !== undefined) outgoing.destroy()
        resolve({
          status: answer.statusCode!,
          body: Buffer.concat(chunks).toString(),
          retryAfter: answer.headers['retry-after'],
        })
      })
    })
    outgoing.on('error', error => resolve({ status: 0, body: String((error as { code?: string }).code) }))
    if (sends === undefined) outgoing.end(body)
    else outgoing.write(body.subarray(0, sends))
  })
}

/** Platforms that call on and on over connections kept alive. */
export interface Traffic {
  /** Resolves when so many more calls were answered. */
  answered(more: number): Promise<void>
  /** Ends it, and answers how many calls got which status. */
  stop(): Promise<Record<string, number>>
}

/** Starts so many callers. */
export function startTraffic(t: TestContext, port: number, callers = 12): Traffic {
  const agent = new Agent({ keepAlive: true })
  t.after(() => agent.destroy())
  const seen: Record<string, number> = {}
  const waiting: { left: number; done(): void }[] = []
  let isOver = false
  const all = Array.from({ length: callers }, async () => {
    while (!isOver) {
      const { status, body } = await callAsTelegram({ port, agent })
      const outcome = status === 200 ? '200' : `${status} ${body}`
      seen[outcome] = (seen[outcome] ?? 0) + 1
      for (const one of waiting) if (--one.left === 0) one.done()
    }
  })
  const stop = async () => {
    isOver = true
    await Promise.all(all)
    return seen
  }
  t.after(stop)
  return {
    answered: more => new Promise<void>(resolve => waiting.push({ left: more, done: resolve })),
    stop,
  }
}
