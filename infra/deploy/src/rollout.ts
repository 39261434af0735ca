import { type AppName, type AppPlan, appOrder, type Plan, PlanError } from './plan.ts'
import {
  admitAgain,
  currentRelease,
  type InstanceRoll,
  isReady,
  type RollContext,
  rollInstance,
  StepError,
  StoppedError,
} from './roll-instance.ts'
import type { Standing } from './standing.ts'

/** How a rollout ended. */
export interface RolloutResult {
  /** `failed` has put the former release back; `broken` could not, or only in part. */
  readonly outcome: 'done' | 'failed' | 'broken' | 'stopped'
  readonly standings: readonly Standing[]
  /** What went wrong, and what was decided. */
  readonly problems: readonly string[]
}

const noCommandMs = 300_000

/**
 * Rolls the apps that are named over their instances: workers before gateways before admin. An app whose
 * release fails is put back, the instance that failed first, then those before it, the newest first; apps
 * that were rolled before it stay, for a newer worker beside an older gateway is what releases are made for.
 */
export async function rollOut(
  plan: Plan,
  apps: readonly AppName[],
  release: string,
  how: Omit<RollContext, 'commandMs'>,
): Promise<RolloutResult> {
  const context = { ...how, commandMs: plan.commandMs ?? noCommandMs }
  const queues: { app: AppName; rolls: InstanceRoll[] }[] = []
  for (const app of appOrder.filter(name => apps.includes(name))) {
    const appPlan = plan.apps[app]
    if (appPlan === undefined) throw new PlanError(`The plan does not name the app ${app}`)
    queues.push({ app, rolls: await lookAt(app, appPlan, release, context) })
  }
  const standings = queues.flatMap(({ rolls }) => rolls.map(({ standing }) => standing))
  for (const { rolls } of queues) {
    const problems = await rollApp(rolls, release, context)
    if (problems === undefined) continue
    return { standings, ...problems }
  }
  return { outcome: 'done', standings, problems: [] }
}

/**
 * What runs where, before anything is touched. Those that are not ready come first: they serve nobody, and
 * the others are not drained beside them. Throws a {@link PlanError} if an instance cannot be asked.
 */
async function lookAt(
  app: AppName,
  plan: AppPlan,
  release: string,
  context: RollContext,
): Promise<InstanceRoll[]> {
  const looks = plan.instances.map(async instance => {
    const previous = await currentRelease({ app, plan, instance }, context, { release, previous: '' }).catch(
      error => {
        throw new PlanError(`Nothing was done: ${error.message}`, { cause: error })
      },
    )
    const ready = await isReady({ instance })
    const state = previous === release && ready ? ('there already' as const) : ('untouched' as const)
    return { ready, roll: { app, plan, instance, standing: { app, name: instance.name, previous, state } } }
  })
  const found = await Promise.all(looks)
  return [...found.filter(({ ready }) => !ready), ...found.filter(({ ready }) => ready)].map(
    ({ roll }) => roll,
  )
}

/** One instance after the other; undefined if all of them run the release. */
async function rollApp(
  rolls: readonly InstanceRoll[],
  release: string,
  context: RollContext,
): Promise<Pick<RolloutResult, 'outcome' | 'problems'> | undefined> {
  const rolled: InstanceRoll[] = []
  const isThere = ({ standing }: InstanceRoll) => standing.state === 'there already'
  for (const roll of rolls.filter(isThere)) {
    if (context.stop.aborted) return { outcome: 'stopped', problems: [] }
    // A rollout that was stopped may have left it drained, and the next one is drained beside it.
    try {
      await admitAgain(roll, { release, previous: release }, context)
    } catch (error) {
      const failure = failureOf(error, context)
      if (failure === undefined) return { outcome: 'stopped', problems: [] }
      return { outcome: 'broken', problems: [`${failure.message}; no other instance was touched`] }
    }
  }
  for (const roll of rolls.filter(one => !isThere(one))) {
    const { standing } = roll
    try {
      await rollInstance(roll, { release, previous: standing.previous }, context)
      standing.state = 'rolled'
      rolled.push(roll)
    } catch (error) {
      const failure = failureOf(error, context)
      if (failure === undefined) return { outcome: 'stopped', problems: [] }
      context.say(`✗ ${failure.message}`)
      return await rollBack([roll, ...rolled.reverse()], release, failure.message, context)
    }
  }
  return undefined
}

/** The step that failed; undefined if somebody stopped the rollout. Throws what is neither. */
function failureOf(error: unknown, { breakOff }: RollContext): StepError | undefined {
  if (breakOff.aborted || error instanceof StoppedError) return undefined
  if (error instanceof StepError) return error
  throw error
}

/**
 * Puts the former release back, the instance that failed first. If not even that becomes ready, its trouble
 * is not the release's: the others, which serve, are left alone.
 */
async function rollBack(
  rolls: readonly InstanceRoll[],
  failed: string,
  why: string,
  context: RollContext,
): Promise<Pick<RolloutResult, 'outcome' | 'problems'>> {
  for (const [i, roll] of rolls.entries()) {
    const { standing, instance } = roll
    const { previous } = standing
    const isTouched = standing.state !== 'untouched' && standing.state !== 'drained'
    if (isTouched && previous === failed) {
      standing.state = 'out of service'
      return { outcome: 'broken', problems: [why, `${instance.name} had no other release before`] }
    }
    context.say(`${roll.app} ${instance.name}: back to ${previous}`)
    try {
      const back = isTouched ? rollInstance : admitAgain
      await back(roll, { release: previous, previous: failed }, context)
      standing.state = 'rolled back'
    } catch (error) {
      const failure = failureOf(error, context)
      if (failure === undefined) return { outcome: 'stopped', problems: [why] }
      standing.state = 'out of service'
      const left = rolls.length - i - 1
      const others = left === 0 ? '' : `; ${left} that run ${failed} and are ready were left as they are`
      return { outcome: 'broken', problems: [why, `not back either: ${failure.message}${others}`] }
    }
  }
  return { outcome: 'failed', problems: [why] }
}
