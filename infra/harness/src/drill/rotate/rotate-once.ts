import { setTimeout as delay } from 'node:timers/promises'
import { newKey } from '../../shared/apps.ts'
import type { KeyFiles } from './key-files.ts'
import type { KeyStatus, Operator } from './operator.ts'

/** How many envelopes lay under each key after a step. */
export interface Step {
  readonly step: string
  readonly envelopes: Readonly<Record<string, number>>
}

/** What one rotation came to. */
export interface Rotation {
  readonly steps: readonly Step[]
  readonly reencrypted: number
  /** Times that the old key was refused to go. */
  readonly refusals: number
  readonly problems: readonly string[]
}

/**
 * Goes through the runbook once: add, make active, re-encrypt, ask, remove. Between the steps people talk for
 * a while.
 */
export async function rotateOnce(
  operator: Operator,
  files: KeyFiles,
  { next, talkMs, say }: { next: string; talkMs: number; say: (line: string) => void },
): Promise<Rotation> {
  const { active: old, keys } = files.now
  const steps: Step[] = []
  const problems: string[] = []
  let refusals = 0
  const note = async (step: string, status: KeyStatus) => {
    const envelopes = Object.fromEntries(status.keys.map(({ id, uses }) => [id, sum(uses)]))
    steps.push({ step, envelopes })
    say(
      `  ${step.padEnd(24)} ${Object.entries(envelopes)
        .map(([id, count]) => `${id}: ${count}`)
        .join(', ')}`,
    )
    if (!status.complete) problems.push(`${step}: not everything could be counted`)
    for (const problem of [...status.problems, ...Object.keys(status.unknown)])
      problems.push(`${step}: ${problem}`)
    await delay(talkMs)
  }

  const both = { ...keys, [next]: newKey() }
  await files.rollOut({ active: old, keys: both })
  await note(`${next} added`, await operator.until(status => isEverywhere(status, next, 'processes')))

  await files.rollOut({ active: next, keys: both })
  await note(`${next} active`, await operator.until(status => isEverywhere(status, next, 'activeIn')))

  // The credentials at least are sealed with it: an operator who asks too early must be told so.
  const early = await operator.mayRetire(old)
  if (early.retirable) problems.push(`${old} was said to be unused before anything was re-encrypted`)
  else refusals++
  const { changed, unreadable } = await operator.reencrypt()
  for (const [place, count] of Object.entries(unreadable))
    problems.push(`${count} in ${place} could not be opened`)

  refusals += await operator.untilRetirable(old)
  const { retirable, reasons } = await operator.mayRetire(old)
  if (!retirable) problems.push(`${old} was unused and then in use again: ${reasons.join('; ')}`)
  await note(`${old} unused`, await operator.until(() => true))

  await files.rollOut({ active: next, keys: { [next]: both[next]! } })
  await note(
    `${old} removed`,
    await operator.until(status => status.keys.find(({ id }) => id === old)?.processes === 0),
  )
  return { steps, reencrypted: sum(changed), refusals, problems }
}

function isEverywhere(status: KeyStatus, id: string, as: 'processes' | 'activeIn'): boolean {
  return status.keys.find(key => key.id === id)?.[as] === status.processes.length
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, count) => all + count, 0)
}
