import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBotApi } from '../../shared/bot-api.ts'
import { UnreachableError } from '../../shared/errors.ts'
import { type Installation, startInstallation } from '../../shared/installation.ts'
import { addCounter, createPeople, type Message, type People } from '../../shared/people.ts'
import { readKeys, readsDump, restoreDatabases, takeBackup, turnAofOn, untilAllSettled } from './backup.ts'
import { findSystemPostgres } from './system-postgres.ts'

/** How many write, and how often in each part. */
export interface RestoreOptions {
  readonly chats: number
  readonly messages: number
}

/** Messages of one part of the drill, and how often each was answered. */
export interface Part {
  readonly what: string
  readonly messages: number
  readonly unanswered: number
  readonly answeredTwice: number
}

/** What was found. */
export interface RestoreReport {
  readonly parts: readonly Part[]
  readonly backupSeconds: number
  readonly restoreSeconds: number
  readonly problems: readonly string[]
}

/** Where Postgres's programs are, and the backup. */
interface Places {
  readonly programs: string
  readonly folder: string
}

/**
 * A system is backed up while people write, and burns some messages later: every process and all data are
 * gone. Another one is made of the backup; what is answered, forgotten and answered again is counted.
 */
export async function runRestore(
  { chats, messages: times }: RestoreOptions,
  say: (line: string) => void,
): Promise<RestoreReport> {
  const programs = findSystemPostgres()
  if (programs === undefined)
    throw new UnreachableError('This needs a Postgres with pg_dump: apt-get install postgresql')
  await using stack = new AsyncDisposableStack()
  const folder = stack.adopt(await mkdtemp(join(tmpdir(), 'botyard-backup-')), it =>
    rm(it, { recursive: true }),
  )
  const people = createPeople(chats)
  const api = stack.adopt(await startBotApi(people.onArrival), it => it.close())

  const first = await begin(people, api.url, { programs, folder }, times, say)
  const restoredAtMs = performance.now()
  const second = stack.use(await restore({ programs, folder }))
  const gateway = await second.start(await second.place('gateway'))
  const restoreSeconds = (performance.now() - restoredAtMs) / 1000
  const { handled, waiting, afterwards } = first
  const again = await people.redeliver(gateway.url, handled[0]!)
  await second.start(await second.place('worker'))
  await people.replied(waiting, 2)
  const since = await people.write(gateway.url, times)
  await people.replied(since)
  say('The restored system has answered what waited in the backup, and what was written since.')

  const parts = [
    partOf('answered before the backup', handled),
    partOf('waiting when the backup was taken', waiting),
    partOf('written after the backup', afterwards),
    partOf('written after the restore', since),
  ]
  const problems = [
    ...parts
      .filter(({ unanswered }) => unanswered > 0)
      .map(({ what, unanswered: n }) => `${n} ${what} have no answer`),
    ...parts
      .filter(({ what, answeredTwice }) => answeredTwice > 0 && !what.startsWith('waiting'))
      .map(({ what, answeredTwice: n }) => `${n} ${what} were answered twice`),
    ...(again === 200 ? [] : [`what was handled before the backup, delivered again, was answered ${again}`]),
    ...countProblems(since, times),
  ]
  return { parts, backupSeconds: first.backupSeconds, restoreSeconds, problems }
}

/** The first system, from its beginning to its end. */
async function begin(
  people: People,
  apiRoot: string,
  { programs, folder }: Places,
  times: number,
  say: (line: string) => void,
) {
  await using system = await startInstallation({ bots: 'restore', postgresPrograms: programs })
  await system.migrate()
  await addCounter(system, apiRoot)
  const gateway = await system.start(await system.place('gateway'))
  const worker = await system.start(await system.place('worker'))
  const handled = await people.write(gateway.url, times)
  await people.replied(handled)
  await untilAllSettled(system.redis.port)

  // What is accepted now waits while the backup is taken.
  worker.process.pause()
  const waiting = await people.write(gateway.url, times)
  const startedAtMs = performance.now()
  await takeBackup(system, programs, folder)
  const backupSeconds = (performance.now() - startedAtMs) / 1000
  worker.process.resume()
  await people.replied(waiting)
  const afterwards = await people.write(gateway.url, times)
  await people.replied(afterwards)
  await system.killApps()
  await system.redis.kill('SIGKILL')
  say('The first system is gone: its processes, its Redis and its databases.')
  return { handled, waiting, afterwards, backupSeconds }
}

/** Another system of the backup, without any app yet. */
async function restore({ programs, folder }: Places): Promise<Installation> {
  const dir = await mkdtemp(join(tmpdir(), 'botyard-restored-'))
  await copyFile(join(folder, 'dump.rdb'), join(dir, 'dump.rdb'))
  const system = await startInstallation({
    ...{ bots: 'restore', postgresPrograms: programs },
    redis: { dir, extra: readsDump },
    env: await readKeys(folder),
  })
  await turnAofOn(system.redis.port)
  await restoreDatabases(system, programs, folder)
  // The shards have other addresses now, which the control database does not know.
  await system.migrate()
  return system
}

function partOf(what: string, messages: readonly Message[]): Part {
  return {
    what,
    messages: messages.length,
    unanswered: messages.filter(({ counts }) => counts.length === 0).length,
    answeredTwice: messages.filter(({ counts }) => counts.length > 1).length,
  }
}

/**
 * The state of the users is that of the backup: it knows what was handled before, what waited, and what came
 * after the restore, each once; not what was written in between.
 */
function countProblems(since: readonly Message[], times: number): string[] {
  return since.flatMap(({ chat, counts: [count] }, i) => {
    const round = Math.floor((i / since.length) * times)
    const expected = 2 * times + round + 1
    return count === expected ? [] : [`chat ${chat} was told ${count} messages, of ${expected}`]
  })
}
