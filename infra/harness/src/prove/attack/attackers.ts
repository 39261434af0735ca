// The strangers, in a process of their own: told `{ attack, seconds, port }`, it answers what came of their
// calls.
import { createHmac, randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setPriority } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { AttackName, AttackPlan, AttackTurn } from './attack-plan.ts'

/** What came of an attack's calls, by status; `none`: no answer. */
export type AttackOutcome = Readonly<Record<string, number>>

const plan = JSON.parse(process.argv[2]!) as AttackPlan
/** Strangers have addresses of their own, unlike the platform that calls from 127.0.0.1. */
const addresses = ['127.0.0.2', '127.0.0.3', '127.0.0.4']
const attacks: Record<AttackName, (seconds: number) => Promise<AttackOutcome>> = {
  unsigned: seconds => atRate(seconds, unsignedCall),
  'half-sent': halfSent,
  large: largeBodies,
}
// What is measured is the gateway, not who attacks it from the same machine.
setPriority(19)

/** Whom they call in this turn. */
let port = 0

process.on('message', (turn: AttackTurn) => {
  const { attack, seconds } = turn
  port = turn.port
  void attacks[attack](seconds).then(outcome => process.send!(outcome))
})
process.on('disconnect', () => process.exit())

/** Bodies as large as the platform sends, of what costs most to decode; every second one is small. */
const bodies = plan.bots.map(({ headers, body, maxBytes }) => {
  const piece = headers['content-type']?.includes('json')
    ? '{"a":[[],[]],"token":"no"},'
    : 'a=%41%42&token=no&'
  const large = Buffer.from(piece.repeat(Math.floor(maxBytes / piece.length)))
  return [Buffer.from(body), large] as const
})

/** A push of 2,048 commits, and one of 24 MB. */
const pushes = [push(2_048, 8), push(2_048, 320)]
process.send!('ready')

async function atRate(seconds: number, call: (n: number) => Promise<string>): Promise<AttackOutcome> {
  const startedAt = performance.now()
  const calls: Promise<string>[] = []
  for (let n = 0; n < seconds * plan.perSecond; n++) {
    const waitMs = startedAt + (n * 1000) / plan.perSecond - performance.now()
    if (waitMs > 0) await delay(waitMs)
    calls.push(call(n))
  }
  return countOf(await Promise.all(calls))
}

function unsignedCall(n: number): Promise<string> {
  const at = n % plan.bots.length
  const bot = plan.bots[at]!
  const body = bodies[at]![Math.floor(n / plan.bots.length) % 2]!
  return post(`/hooks/${bot.platform}/${bot.id}`, bot.headers, body, addresses[n % addresses.length]!)
}

/** Announces all of a body, sends half of it, and holds the connection. */
async function halfSent(seconds: number): Promise<AttackOutcome> {
  const held: Socket[] = []
  const answers: Promise<string>[] = []
  await atRate(seconds, async n => {
    const at = n % plan.bots.length
    const { platform, id, headers } = plan.bots[at]!
    const body = bodies[at]![1]
    const socket = connect({ port: port, host: '127.0.0.1', localAddress: addresses[n % addresses.length]! })
    held.push(socket)
    answers.push(statusOn(socket))
    const lines = Object.entries({ ...headers, host: 'x', 'content-length': String(body.length) })
    socket.write(
      `POST /hooks/${platform}/${id} HTTP/1.1\r\n${lines.map(line => line.join(': ')).join('\r\n')}\r\n\r\n`,
    )
    socket.write(body.subarray(0, body.length / 2))
    return ''
  })
  for (const socket of held) socket.destroy()
  return countOf(await Promise.all(answers))
}

/** Genuine: one push of 24 MB and one of 2,048 commits are under way all the time. */
async function largeBodies(seconds: number): Promise<AttackOutcome> {
  const until = performance.now() + seconds * 1000
  const statuses: string[] = []
  const send = async (body: Buffer) => {
    const signature = createHmac('sha256', plan.large.secret).update(body).digest('hex')
    while (performance.now() < until) {
      const headers = {
        'content-type': 'application/json',
        'x-github-event': 'push',
        'x-github-delivery': randomBytes(16).toString('hex'),
        'x-hub-signature-256': `sha256=${signature}`,
      }
      statuses.push(await post(`/hooks/github/${plan.large.id}`, headers, body, addresses[0]!))
    }
  }
  await Promise.all(pushes.map(send))
  return countOf(statuses)
}

function push(commits: number, files: number): Buffer {
  const id = () => randomBytes(20).toString('hex')
  const all = Array.from({ length: commits }, () => ({
    ...{ id: id(), tree_id: id(), message: `Fix what ${id()} broke`, timestamp: '2026-11-28T00:00:00Z' },
    modified: Array.from({ length: files }, () => `src/${id().slice(0, 20)}/index.ts`),
  }))
  return Buffer.from(JSON.stringify({ repository: { id: 7 }, sender: { id: 1 }, commits: all }))
}

function post(path: string, headers: object, body: Buffer, localAddress: string): Promise<string> {
  return new Promise(resolve => {
    const options = { port: port, host: '127.0.0.1', path, method: 'POST', localAddress, agent: false }
    const outgoing = request(
      { ...options, headers: { ...headers, 'content-length': body.length } },
      answer => {
        resolve(String(answer.statusCode))
        answer.resume()
      },
    )
    outgoing.on('error', () => resolve('none')).end(body)
  })
}

function statusOn(socket: Socket): Promise<string> {
  return new Promise(resolve => {
    socket.on('error', () => undefined)
    socket.once('data', data => resolve(/^HTTP\/1\.1 (\d+)/.exec(data.toString())?.[1] ?? 'none'))
    socket.once('close', () => resolve('none'))
  })
}

function countOf(statuses: readonly string[]): AttackOutcome {
  const counts: Record<string, number> = {}
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
