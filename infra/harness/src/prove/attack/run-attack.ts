import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { percentiles } from '../../shared/statistics.ts'
import {
  type AttackName,
  type AttackPlan,
  type AttackTurn,
  attackedBots,
  attackNames,
} from './attack-plan.ts'
import { startAttackedSystem } from './attacked-system.ts'
import type { AttackOutcome } from './attackers.ts'
import { createTalker, type Talk } from './talk.ts'

/** How much, and how long. */
export interface AttackOptions {
  /** Calls of strangers a second. */
  readonly perSecond: number
  /** Updates a second of the bot that is to go on. */
  readonly updates: number
  /** Of each turn. */
  readonly seconds: number
  readonly rounds: number
}

/** One attack beside the turns on the decoy around it. */
export interface AttackRow {
  readonly attack: AttackName
  readonly usualP99Ms: number
  readonly p99Ms: number
  readonly calls: number
  readonly extraMb: number
  readonly outcome: AttackOutcome
}

/** What was found. */
export interface AttackReport {
  readonly rows: readonly AttackRow[]
  readonly problems: readonly string[]
}

/** "That bot's ACK p99 stays within twice its usual value and the process within 150 MB of it." */
const maxTimes = 2
const maxExtraMb: Readonly<Record<AttackName, number>> = {
  unsigned: 150,
  'half-sent': 150,
  // Genuine bodies are parsed: 24 MB of JSON are 300 of objects.
  large: 600,
}
const warmUpSeconds = 6
const files = {
  attackers: fileURLToPath(new URL('./attackers.ts', import.meta.url)),
  decoy: fileURLToPath(new URL('./decoy.ts', import.meta.url)),
}

/**
 * In every second turn the strangers call a decoy instead, which reads and refuses all: so what they, the
 * machine's other programs and the loopback cost is in both, and what differs is the gateway. The turns are
 * short for the same reason.
 */
export async function runAttack({
  perSecond,
  updates,
  seconds,
  rounds,
}: AttackOptions): Promise<AttackReport> {
  const bots = attackedBots()
  const victim = { ...bots.find(({ platform }) => platform === 'telegram')!, id: 'undisturbed' }
  const { id, credentials } = bots.find(({ platform }) => platform === 'github')!
  const system = await startAttackedSystem([...bots, victim])
  const { webhookSecret } = victim.credentials as { webhookSecret: string }
  const talker = createTalker({
    port: system.port,
    path: '/hooks/telegram/undisturbed',
    secret: webhookSecret,
    perSecond: updates,
  })
  const plan: AttackPlan = {
    perSecond,
    bots: bots.map(({ credentials: _credentials, ...bot }) => bot),
    large: { id, secret: (credentials as { webhookSecret: string }).webhookSecret },
  }
  const child = fork(files.attackers, [JSON.stringify(plan)], { execArgv: [] })
  const decoy = fork(files.decoy, { execArgv: [] })
  try {
    const [[decoyPort]] = await Promise.all([once(decoy, 'message'), once(child, 'message')])
    // Code gets hot, and the heap as large as this traffic makes it.
    await talker.talk(warmUpSeconds)
    const usualMb = residentMb(system.pid)
    const rows: AttackRow[] = []
    const problems: string[] = []
    for (const attack of attackNames) {
      const quiet: Talk[] = []
      const attacked: Talk[] = []
      const outcome: Record<string, number> = {}
      let maxMb = 0
      for (let round = 0; round < rounds; round++) {
        const turn = async (port: number) => {
          child.send({ attack, seconds, port } satisfies AttackTurn)
          const [talk, [found]] = await Promise.all([talker.talk(seconds), once(child, 'message')])
          return { talk, found: found as AttackOutcome }
        }
        quiet.push((await turn(decoyPort)).talk)
        const watch = setInterval(() => {
          maxMb = Math.max(maxMb, residentMb(system.pid))
        }, 100)
        const { talk, found } = await turn(system.port)
        clearInterval(watch)
        attacked.push(talk)
        for (const [status, n] of Object.entries(found)) outcome[status] = (outcome[status] ?? 0) + n
      }
      const row = {
        ...{
          attack,
          outcome,
          usualP99Ms: p99(quiet),
          p99Ms: p99(attacked),
          extraMb: Math.round(maxMb - usualMb),
        },
        calls: attacked.reduce((sum, { ackMs }) => sum + ackMs.length, 0),
      }
      rows.push(row)
      problems.push(...problemsOf(row, [...quiet, ...attacked]))
    }
    return { rows, problems }
  } finally {
    for (const process of [child, decoy]) {
      process.disconnect()
      await once(process, 'exit')
    }
    talker.close()
    await system.close()
  }
}

function problemsOf(
  { attack, usualP99Ms, p99Ms, extraMb, outcome }: AttackRow,
  talks: readonly Talk[],
): string[] {
  const refused = talks.flatMap(talk =>
    Object.entries(talk.refused).map(([status, n]) => `${n} times ${status}`),
  )
  const accepted = outcome['200'] ?? 0
  return [
    ...(p99Ms > maxTimes * usualP99Ms
      ? [`${attack}: the other bot's p99 is more than twice its usual value`]
      : []),
    ...(extraMb > maxExtraMb[attack] ? [`${attack}: the gateway took ${extraMb} MB more than usual`] : []),
    ...(refused.length > 0 ? [`${attack}: calls of the other bot were answered ${refused.join(', ')}`] : []),
    ...(attack === 'large' && accepted === 0 ? ['large: no large body was accepted'] : []),
    ...(attack !== 'large' && accepted > 0
      ? [`${attack}: ${accepted} calls without a proof were accepted`]
      : []),
  ]
}

function p99(talks: readonly Talk[]): number {
  const { p99 } = percentiles(talks.flatMap(({ ackMs }) => ackMs))
  return Math.round((p99 ?? 0) * 10) / 10
}

function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
}
