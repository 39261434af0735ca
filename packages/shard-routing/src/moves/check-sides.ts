import { sql } from 'kysely'
import { ownedRanges } from '../fence/change-owned-ranges.ts'
import { listTables } from '../fence/check-user-tables.ts'
import { problemsOfSource, problemsOfTarget, serverFacts } from './check-servers.ts'
import { describeFailure } from './describe-failure.ts'
import { describeSchema, differences } from './describe-schema.ts'
import { MoveRefusedError } from './errors.ts'
import type { MoveSide } from './move-session.ts'
import { hasRows, movedTables } from './moved-tables.ts'

/**
 * Throws `MoveRefusedError` with everything that stands against moving a range: what servers and roles lack,
 * tables that differ, rows at the target already, and that the target's server cannot connect to the source
 * by `address`. Changes nothing.
 */
export async function checkSides(
  source: MoveSide,
  target: MoveSide,
  range: { from: bigint; to: bigint },
  address: string,
): Promise<void> {
  const [atSource, atTarget] = await Promise.all([serverFacts(source.db), serverFacts(target.db)])
  const problems = [
    ...problemsOfSource(source.shard, atSource, atTarget.syncWorkers),
    ...problemsOfTarget(target.shard, atTarget),
    ...(await problemsOfTables(source, target)),
    ...(await problemsOfRange(source, target, range)),
  ]
  // Only a role that may subscribe can try.
  if (atTarget.maySubscribe) problems.push(...(await problemsOfAddress(source.shard, target, address)))
  if (problems.length > 0) throw new MoveRefusedError(problems)
}

async function problemsOfTables(source: MoveSide, target: MoveSide): Promise<string[]> {
  const [ours, theirs] = await Promise.all([describeSchema(source.db), describeSchema(target.db)])
  const different = differences(ours, theirs)
  const tables = await listTables(source.db)
  const left = tables.filter(table => table.keyType !== null && !table.fenced)
  const unfit = tables.filter(table => table.fenced && (table.identity !== 'd' || !table.keyInPrimaryKey))
  return [
    ...(different.length > 0
      ? [`${source.shard} and ${target.shard} differ in ${different.join(', ')}: run all migrations on both`]
      : []),
    ...left.map(({ name }) => `the table ${name} has user_key and no fence, so it would be left behind`),
    ...unfit.map(
      ({ name }) => `the table ${name} must have user_key in its primary key, as its replica identity`,
    ),
  ]
}

async function problemsOfRange(
  source: MoveSide,
  target: MoveSide,
  range: { from: bigint; to: bigint },
): Promise<string[]> {
  const problems: string[] = []
  const overlaps = (owned: { from: bigint; to: bigint }) => owned.from < range.to && range.from < owned.to
  const ours = (await ownedRanges(source.db)).filter(overlaps)
  const covered = ours.reduce(
    (sum, owned) => sum + (min(owned.to, range.to) - max(owned.from, range.from)),
    0n,
  )
  if (covered < range.to - range.from)
    problems.push(`${source.shard} does not own all of the range in its own database`)
  if ((await ownedRanges(target.db)).some(overlaps))
    problems.push(`${target.shard} owns keys of the range in its own database`)
  for (const table of await movedTables(target.db)) {
    if (await hasRows(target.db, table, range))
      problems.push(`${target.shard} has rows of the range in ${table} already`)
  }
  return problems
}

/** Has the target's server connect as it will later, and rolls back. */
async function problemsOfAddress(source: string, target: MoveSide, address: string): Promise<string[]> {
  class TriedError extends Error {}
  try {
    await target.db.transaction().execute(async trx => {
      await sql`set local statement_timeout = '15s'`.execute(trx)
      await sql`create subscription botyard_move_probe connection ${sql.lit(address)} publication botyard_move_probe
        with (create_slot = false, slot_name = none, enabled = false, copy_data = false)`.execute(trx)
      throw new TriedError()
    })
  } catch (error) {
    if (error instanceof TriedError) return []
    return [`the server of ${target.shard} cannot replicate from ${source}: ${describeFailure(error)}`]
  }
  return []
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
