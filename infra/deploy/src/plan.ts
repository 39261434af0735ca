import { readFileSync } from 'node:fs'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'

/** In the order in which they are rolled: workers read what newer gateways write, and not the reverse. */
export const appOrder = ['worker', 'gateway', 'admin'] as const
export type AppName = (typeof appOrder)[number]

const Command = (description: string) => Type.String({ minLength: 1, description })
const closed = { additionalProperties: false }

const Instance = Type.Object(
  {
    name: Type.String({ minLength: 1, description: 'What the commands get as INSTANCE.' }),
    readyUrl: Type.String({ pattern: '^https?://', description: 'Its /ready, on the ops port.' }),
  },
  closed,
)
export type Instance = Static<typeof Instance>

const Readiness = Type.Object(
  {
    successes: Type.Integer({ minimum: 1, description: 'How often in a row /ready must say so.' }),
    everyMs: Type.Integer({ minimum: 10, description: 'The time from one look to the next.' }),
    withinMs: Type.Integer({ minimum: 10, description: 'After that the release has failed.' }),
  },
  closed,
)
export type Readiness = Static<typeof Readiness>

/**
 * How one app is replaced. Commands run in a shell with INSTANCE, APP, RELEASE and PREVIOUS in their
 * environment, and have failed when they exit with anything but 0.
 */
const AppPlan = Type.Object(
  {
    instances: Type.Array(Instance, { minItems: 1 }),
    current: Command('Prints the release that the instance runs.'),
    drain: Type.Optional(Command('Takes the instance out of the load balancer.')),
    drainMs: Type.Optional(
      Type.Integer({ minimum: 0, description: 'How long calls under way have after it; default none.' }),
    ),
    replace: Command('Has the instance run RELEASE; returns when the process was started again.'),
    admit: Type.Optional(Command('Puts the instance into the load balancer again.')),
    ready: Readiness,
  },
  closed,
)
export type AppPlan = Static<typeof AppPlan>

const Plan = Type.Object(
  {
    commandMs: Type.Optional(
      Type.Integer({ minimum: 100, description: 'How long a command may take; default 300,000.' }),
    ),
    apps: Type.Object(
      { worker: Type.Optional(AppPlan), gateway: Type.Optional(AppPlan), admin: Type.Optional(AppPlan) },
      closed,
    ),
  },
  closed,
)
export type Plan = Static<typeof Plan>

/** The plan makes no sense, or cannot be carried out; nothing was done. */
export class PlanError extends Error {}

/** The command line makes no sense. */
export class UsageError extends PlanError {}

const check = Compile(Plan)

/** Reads a plan; throws a {@link PlanError} that names everything that is wrong. */
export function readPlan(file: string): Plan {
  const plan = parse(file)
  const faults = check.Check(plan) ? namesTwice(plan) : check.Errors(plan).map(describe)
  if (faults.length > 0) {
    throw new PlanError(`${file} is no plan:\n${faults.map(fault => `  ${fault}`).join('\n')}`)
  }
  return plan as Plan
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new PlanError(`${file} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

function describe({ instancePath, message, params }: ReturnType<typeof check.Errors>[number]): string {
  const { additionalProperties } = params as { additionalProperties?: string[] }
  const which = additionalProperties === undefined ? '' : `: ${additionalProperties.join(', ')}`
  return `${instancePath === '' ? '/' : instancePath} ${message}${which}`
}

function namesTwice({ apps }: Plan): string[] {
  return appOrder.flatMap(app => {
    const names = apps[app]?.instances.map(({ name }) => name) ?? []
    return names
      .filter((name, i) => names.indexOf(name) !== i)
      .map(name => `/apps/${app}/instances names ${name} twice`)
  })
}
