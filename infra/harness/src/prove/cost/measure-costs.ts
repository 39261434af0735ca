import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { untilHandled } from '../../bench/ingest/measure.ts'
import { type Generator, startGenerator } from '../../bench/load/start-generator.ts'
import type { BenchedSystem } from '../../bench/systems/benched-system.ts'
import { type Botyard, createBotyard } from '../../bench/systems/botyard-system.ts'
import { startOnOwnRedis } from '../../bench/systems/on-own-redis.ts'
import { cpuBetween, cpuOf, totalCpu } from '../../bench/systems/process-cpu.ts'
import { median } from '../../shared/statistics.ts'
import { fillBacklog } from './fill-backlog.ts'
import { referenceChats, type Variant } from './variants.ts'

/** How long, and how often. */
export interface CostOptions {
  readonly seconds: number
  readonly warmup: number
  readonly rounds: number
  readonly connections: number
}

/** A variant beside the reference, medians of runs in turn. */
export interface CostRow {
  readonly variant: Variant
  /** Processor time of gateway, worker and Redis for an accepted update, µs. */
  readonly micros: number
  readonly referenceMicros: number
  readonly perSecond: number
  readonly referencePerSecond: number
}

interface Run {
  readonly micros: number
  readonly perSecond: number
}

type Reference = Omit<Variant, 'dimension' | 'name' | 'maxTimes'>

/** Measures each variant in turn with the reference, both up at once and one of them under load. */
export async function measureCosts(
  variants: readonly Variant[],
  options: CostOptions,
  directory: string,
  say: (line: string) => void,
): Promise<CostRow[]> {
  await rm(directory, { recursive: true, force: true })
  await using stack = new AsyncDisposableStack()
  const generator = stack.adopt(await startGenerator(), it => it.close())
  const botyard = stack.adopt(await createBotyard({ bots: [{ handler: 'empty' }], folder: 'bench' }), it =>
    it.close(),
  )
  const rows: CostRow[] = []
  for (const variant of variants) {
    const row = await compare(variant, { botyard, generator, options, directory })
    say(
      `${variant.name}: ${Math.round(row.micros)} µs, reference ${Math.round(row.referenceMicros)}; ` +
        `${Math.round(row.perSecond)}/s, reference ${Math.round(row.referencePerSecond)}`,
    )
    rows.push(row)
  }
  return rows
}

interface Rig {
  readonly botyard: Botyard
  readonly generator: Generator
  readonly options: CostOptions
  readonly directory: string
}

async function compare(variant: Variant, rig: Rig): Promise<CostRow> {
  await using stack = new AsyncDisposableStack()
  const start = async (name: string, of: Reference) =>
    stack.adopt(await warmUp(name, of, rig), ({ system }) => system.close())
  const reference = await start('reference', {})
  const varied = await start('varied', variant)
  const runs: { readonly varied: Run[]; readonly reference: Run[] } = { varied: [], reference: [] }
  for (let round = 0; round < rig.options.rounds; round++) {
    const turns = [
      async () => void runs.reference.push(await reference.run()),
      async () => void runs.varied.push(await varied.run()),
    ]
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn()
  }
  const of = (some: readonly Run[]) => ({
    micros: median(some.map(({ micros }) => micros)),
    perSecond: median(some.map(({ perSecond }) => perSecond)),
  })
  const usual = of(runs.reference)
  return {
    ...{ variant, ...of(runs.varied) },
    ...{ referenceMicros: usual.micros, referencePerSecond: usual.perSecond },
  }
}

/** Starts Botyard on a Redis of its own, with what waits in it, and lets it get hot. */
async function warmUp(
  name: string,
  { chats = referenceChats, backlog = 0, textLength, processes = 1 }: Reference,
  { botyard, generator, options, directory }: Rig,
): Promise<{ system: BenchedSystem; run(): Promise<Run> }> {
  const place = { fsync: 'everysec' as const, directory: join(directory, name), profiles: undefined }
  const settings = { PROCESSES: String(processes) }
  const system = await startOnOwnRedis(async start => {
    if (backlog > 0) await fillBacklog(start.redisUrl, backlog)
    return botyard.start({ ...start, settings })
  }, place)
  const text = textLength === undefined ? undefined : 'a'.repeat(textLength)
  const target = { ...system.targetOf(), ...(text !== undefined && { text }) }
  const load = (seconds: number) =>
    generator.run({ target, connections: options.connections, chats, shape: 'uniform', seconds })
  const warm = await load(options.warmup)
  let handled = await untilHandled(system, warm.accepted)
  return {
    system,
    async run() {
      const before = cpuOf(system.pids)
      const { accepted, refused, startedAtMs } = await load(options.seconds)
      if (Object.keys(refused).length > 0)
        throw new Error(`${name}: refused ${JSON.stringify(refused)}: the figures would mean nothing`)
      handled = await untilHandled(system, handled + accepted)
      const seconds = (performance.timeOrigin + performance.now() - startedAtMs) / 1000
      const micros = totalCpu(cpuBetween(before, cpuOf(system.pids), accepted))
      return { micros, perSecond: accepted / seconds }
    },
  }
}
