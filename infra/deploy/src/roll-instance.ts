import { setTimeout as delay } from 'node:timers/promises'
import type { AppName, AppPlan, Instance } from './plan.ts'
import { runCommand } from './run-command.ts'
import type { Standing } from './standing.ts'
import { askReady, waitUntilReady } from './wait-until-ready.ts'

/** What rolling needs beside the plan. */
export interface RollContext {
  readonly commandMs: number
  /** What commands have in their environment beside their own variables. */
  readonly env: NodeJS.ProcessEnv
  /** Aborted: nothing new is begun. */
  readonly stop: AbortSignal
  /** Aborted: the command under way is broken off. */
  readonly breakOff: AbortSignal
  say(line: string): void
}

/** A step of an instance failed: which, and what was printed. */
export class StepError extends Error {}

/** Somebody stopped the rollout. */
export class StoppedError extends Error {}

/** One instance of an app, as its plan says. */
export interface InstanceRoll {
  readonly app: AppName
  readonly plan: AppPlan
  readonly instance: Instance
  readonly standing: Standing
}

/** The release that an instance runs; throws a {@link StepError}. */
export async function currentRelease(
  roll: Pick<InstanceRoll, 'app' | 'plan' | 'instance'>,
  context: RollContext,
  releases: { release: string; previous: string },
): Promise<string> {
  const output = await run('current', roll.plan.current, roll, context, releases)
  const release = output.split('\n').at(-1)!.trim()
  if (release === '') throw new StepError(`current of ${roll.instance.name} printed nothing`)
  return release
}

/** Whether it serves now. */
export async function isReady({ instance }: Pick<InstanceRoll, 'instance'>): Promise<boolean> {
  return (await askReady(instance.readyUrl)) === undefined
}

/**
 * Puts `release` in the place of `previous` on one instance: drain, replace, wait until it is ready, admit.
 * Throws a {@link StepError} or a {@link StoppedError}; `standing` says how far it came.
 */
export async function rollInstance(
  roll: InstanceRoll,
  releases: { release: string; previous: string },
  context: RollContext,
): Promise<void> {
  const { app, plan, instance, standing } = roll
  const { say, stop } = context
  const step = async (name: string, line: string) => {
    goOn(stop)
    say(`${app} ${instance.name}: ${name}`)
    await run(name, line, roll, context, releases)
  }
  if (plan.drain !== undefined) {
    await step('drain', plan.drain)
    standing.state = 'drained'
    await unlessStopped(delay(plan.drainMs ?? 0, undefined, { signal: stop }), stop)
  }
  goOn(stop)
  standing.state = 'being replaced'
  await step('replace', plan.replace)
  standing.state = 'replaced, not ready yet'
  goOn(stop)
  say(`${app} ${instance.name}: wait for ready`)
  const fault = await unlessStopped(waitUntilReady(instance.readyUrl, plan.ready, stop), stop)
  if (fault !== undefined) {
    throw new StepError(`${instance.name} is not ready within ${plan.ready.withinMs} ms: ${fault}`)
  }
  const runs = await currentRelease(roll, context, releases)
  if (runs !== releases.release) {
    throw new StepError(`${instance.name} is ready, but runs ${runs} after it was replaced`)
  }
  standing.state = 'ready, not admitted yet'
  if (plan.admit !== undefined) await step('admit', plan.admit)
}

/** For an instance that is not to be replaced: gives it its calls back, if it was drained. */
export async function admitAgain(
  roll: InstanceRoll,
  releases: { release: string; previous: string },
  context: RollContext,
): Promise<void> {
  if (roll.plan.admit === undefined) return
  context.say(`${roll.app} ${roll.instance.name}: admit`)
  await run('admit', roll.plan.admit, roll, context, releases)
}

/** Runs a command of the plan, and answers what it printed. */
async function run(
  name: string,
  line: string,
  { app, instance }: Pick<InstanceRoll, 'app' | 'instance'>,
  { commandMs, env, breakOff }: RollContext,
  { release, previous }: { release: string; previous: string },
): Promise<string> {
  const { ok, output } = await runCommand(line, {
    env: { ...env, APP: app, INSTANCE: instance.name, RELEASE: release, PREVIOUS: previous },
    timeoutMs: commandMs,
    signal: breakOff,
  })
  if (ok) return output
  throw new StepError(`${name} of ${instance.name} failed (${line}):\n${output}`)
}

function goOn(stop: AbortSignal): void {
  if (stop.aborted) throw new StoppedError()
}

async function unlessStopped<T>(waiting: Promise<T>, stop: AbortSignal): Promise<T> {
  try {
    return await waiting
  } catch (error) {
    goOn(stop)
    throw error
  }
}
