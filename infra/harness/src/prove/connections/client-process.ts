// Run by run-connections.ts: one of the processes that keep connections to the gateway open.
import { setTimeout as delay } from 'node:timers/promises'
import { KeptConnection } from './kept-connection.ts'
import type { ClientOrder, ClientPlan, ClientReport } from './protocol.ts'

/** Connections that are being opened at once. */
const openers = 32
const tickMs = 20

// The process that started this one is gone.
process.once('disconnect', () => process.exit())

const plan = JSON.parse(process.argv[2]!) as ClientPlan
const kept: KeptConnection[] = []
const errors: Record<string, number> = {}
let open = 0
let answered = 0
let updates = 0
let times: number[] = []

function problem(what: string): void {
  errors[what] = (errors[what] ?? 0) + 1
}

function textOf(chat: number): string {
  const id = plan.firstChat * 1_000 + ++updates
  const person = { id: chat, is_bot: false, first_name: 'a' }
  const message = {
    message_id: id,
    date: 1,
    chat: { id: chat, type: 'private' },
    from: person,
    text: 'hello',
  }
  const body = JSON.stringify({ update_id: id, message })
  return `POST /hooks/telegram/echo HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nx-telegram-bot-api-secret-token: ${plan.secret}\r\n\r\n${body}`
}

async function call(connection: KeptConnection, chat: number): Promise<void> {
  const since = performance.now()
  const wrong = await connection.call(textOf(chat))
  if (wrong !== undefined) return problem(wrong)
  answered++
  times.push(performance.now() - since)
}

/** Opens all; the first call of each comes with it, as an unused connection is not kept. */
async function openAll(): Promise<void> {
  let next = 0
  const opener = async () => {
    while (next < plan.connections) {
      const number = next++
      try {
        const connection = await KeptConnection.open(plan, what => {
          open--
          problem(what)
        })
        open++
        kept.push(connection)
        await call(connection, plan.firstChat + number)
      } catch (error) {
        problem(`not opened: ${(error as { code?: string }).code}`)
      }
    }
  }
  await Promise.all(Array.from({ length: openers }, opener))
}

/** A call each in turn, by the clock: a slow answer does not slow the next call down. */
function flow(perSecond: number): void {
  const since = performance.now()
  let begun = 0
  let next = 0
  // Never throws.
  setInterval(() => {
    const due = ((performance.now() - since) / 1_000) * perSecond
    for (; begun < due && kept.length > 0; begun++) {
      const number = next++ % kept.length
      const connection = kept[number]!
      // Never rejects.
      if (!connection.isBusy) void call(connection, plan.firstChat + number)
    }
  }, tickMs)
}

async function visitAll(): Promise<void> {
  let next = 0
  const visitor = async () => {
    while (next < kept.length) {
      const number = next++
      while (kept[number]!.isBusy) await delay(tickMs)
      await call(kept[number]!, plan.firstChat + number)
    }
  }
  await Promise.all(Array.from({ length: openers }, visitor))
}

function say(report: ClientReport): void {
  process.send!(report)
}

// Never throws: what it starts counts its own failures.
process.on('message', (order: ClientOrder) => {
  if (order.do === 'flow') flow(order.perSecond)
  // Never rejects.
  else if (order.do === 'visit') void visitAll().then(() => say({ done: 'visited' }))
  else {
    say({ done: 'told', counts: { open, answered, errors, times } })
    times = []
  }
})

await openAll()
say({ done: 'opened' })
