import { isDeepStrictEqual } from 'node:util'
import { readPreviousRelease, readVersions, repository } from '@botyard/local-infra'
import { freePort, startFaultyLink, untilTrue } from '@botyard/testkit'
import { type Installation, type Instance, startInstallation } from '../../shared/installation.ts'
import { prepareRelease } from '../../shared/release.ts'
import { problemsOf } from '../../simulate/ledger.ts'
import { type SeveralPlatforms, startSeveralPlatforms } from '../../simulate/several-platforms.ts'
import type { TrafficReport } from '../../simulate/simulate-traffic.ts'
import { checkAdmin, failOnce } from './admin-rows.ts'

/** How much traffic, and which release is the one before. */
export interface CompatibilityOptions {
  /** Messages a second of each platform. */
  readonly rate: number
  /** Answers of each platform that a stage waits for. */
  readonly atLeast: number
  readonly seed: number
}

/** What was done while messages flowed, and how many were answered meanwhile, by platform. */
export interface Stage {
  readonly what: string
  readonly handled: Readonly<Record<string, number>>
}

/** What was found. */
export interface CompatibilityReport {
  readonly previous: string
  readonly stages: readonly Stage[]
  readonly books: readonly TrafficReport[]
  readonly problems: readonly string[]
}

const bots = 'compatibility'
const names = ['telegram', 'discord', 'line']
/** A stage in which a platform has not had its answers within this time has failed. */
const patienceMs = 30_000

/**
 * Runs the release before, brings the databases to this build's schema under it, and puts this build's apps
 * in the place of the others one after the other, and back, while messages flow.
 */
export async function runCompatibility(
  options: CompatibilityOptions,
  say: (line: string) => void,
): Promise<CompatibilityReport> {
  const previous = readPreviousRelease(repository)
  const root = await prepareRelease(previous.commit, { bots, say })
  const { version: _, commit: __, ...recorded } = previous
  const problems: string[] = []
  if (!isDeepStrictEqual(readVersions(root), recorded)) {
    problems.push('previous-release.json does not say what the commit of that release has')
  }

  await using stack = new AsyncDisposableStack()
  const system = stack.use(await startInstallation({ bots }))
  await system.migrate(root)
  const link = stack.adopt(await startFaultyLink(await freePort()), it => it.close())
  const gatewayUrl = `http://127.0.0.1:${link.port}`
  const starter = createStarter(system, root)
  const oldWorker = await starter.old('worker')
  const oldGateway = await starter.old('gateway')
  const oldAdmin = await starter.old('admin')
  link.leadTo(oldGateway.port)
  await failOnce({ url: oldAdmin.url, token: system.token }, gatewayUrl)

  const run = { gatewayUrl, adminUrl: oldAdmin.url, adminToken: system.token }
  const onWarning = (message: string) => void problems.push(message)
  const traffic = startSeveralPlatforms({ run, names, onWarning, chats: 40, ...options })
  const stages: Stage[] = []
  const stage = async (what: string) => {
    const seen = await seeAnswers(traffic, options.atLeast)
    stages.push({ what, handled: seen.handled })
    problems.push(...seen.silent.map(name => `${what}: ${name} had only ${seen.handled[name]} answers`))
    say(`${what}: ${names.map(name => `${name} ${seen.handled[name]}`).join(', ')} answered`)
  }
  let books: readonly TrafficReport[] = []
  try {
    await stage('the release before')
    await system.migrate()
    await stage('the release before, on the schema of this build')

    const newWorker = await starter.new('worker')
    await oldWorker.stop()
    await stage('the gateway of the release before with the worker of this build')
    const newAdmin = await starter.new('admin')
    problems.push(...(await checkAdmin({ url: newAdmin.url, token: system.token }, names)))
    await stage('the same, with settings that the admin of this build has changed')
    const newGateway = await starter.new('gateway')
    link.leadTo(newGateway.port)
    await oldGateway.stop()
    await stage('this build alone')

    const backAgain = await starter.old('worker')
    await newWorker.stop()
    await stage('the gateway of this build with the worker of the release before')
    await starter.new('worker')
    await backAgain.stop()
    await stage('this build alone, again')
  } finally {
    books = await traffic.end()
  }
  problems.push(...books.flatMap(book => problemsOf(book).map(problem => `${book.platform}: ${problem}`)))
  const refused = books.reduce((sum, book) => sum + Object.values(book.refused).reduce((a, b) => a + b, 0), 0)
  if (refused > 0) problems.push(`${refused} calls were refused`)
  return { previous: previous.version, stages, books, problems }
}

function createStarter(system: Installation, root: string) {
  const start = async (app: Instance['app'], from?: string) =>
    system.start(await system.place(app), from === undefined ? {} : { root: from })
  return { old: (app: Instance['app']) => start(app, root), new: (app: Instance['app']) => start(app) }
}

/** Waits until each platform has had that many answers from now on; names those that have not in time. */
async function seeAnswers(traffic: SeveralPlatforms, atLeast: number) {
  const before = traffic.handled()
  let handled: Record<string, number> = {}
  const isEnough = () => {
    const now = traffic.handled()
    handled = Object.fromEntries(names.map(name => [name, now[name]! - before[name]!]))
    return names.every(name => handled[name]! >= atLeast)
  }
  await untilTrue(isEnough, 'answers', patienceMs).catch(() => {})
  return { handled, silent: names.filter(name => handled[name]! < atLeast) }
}
