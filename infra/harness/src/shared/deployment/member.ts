import { nodeOptions } from '@botyard/local-infra'
import { freePort, type ProcessExit, startProcess, type TestProcess, untilTrue } from '@botyard/testkit'
import type { Env } from '../apps.ts'
import { appFile } from '../paths.ts'

/** The apps, as folders of `apps/` name them. */
export type AppName = 'ingest-gateway' | 'worker' | 'admin'

/** One process of an app, whose place another one takes when it ends. */
export interface Member {
  readonly app: AppName
  /** `worker-2`. */
  readonly name: string
  readonly port: number
  readonly opsPort: number
  /** The process that runs now, or ran last. */
  readonly process: TestProcess
  /** How often it was started. */
  readonly starts: number
  /** Starts another one in the place of one that has ended; resolves when it is ready. */
  start(): Promise<void>
  /** Ends it by a signal, SIGTERM unless given, and starts another one. */
  replace(signal?: NodeJS.Signals): Promise<ProcessExit>
}

const prefixes = { 'ingest-gateway': 'GATEWAY', worker: 'WORKER', admin: 'ADMIN' } as const
const readyWithinMs = 120_000

/** Starts a member on ports of its own, and resolves when its ops routes say that it is ready. */
export async function startMember(app: AppName, number: number, env: Env): Promise<Member> {
  const name = `${app}-${number}`
  const [port, opsPort] = [await freePort(), await freePort()]
  const prefix = prefixes[app]
  const own = {
    [`${prefix}_HOST`]: '127.0.0.1',
    [`${prefix}_PORT`]: String(port),
    [`${prefix}_OPS_HOST`]: '127.0.0.1',
    [`${prefix}_OPS_PORT`]: String(opsPort),
  }
  let process = await launch()
  let starts = 1
  await ready()

  function launch(): Promise<TestProcess> {
    const options = { env: { ...env, ...own }, nodeOptions: nodeOptions[app] }
    return startProcess(appFile(`${app}/src/server.ts`), options)
  }

  async function ready(): Promise<void> {
    const isReady = async () => (await fetch(`http://127.0.0.1:${opsPort}/ready`)).ok
    const endedOrReady = async () => !process.running || (await isReady())
    await untilTrue(endedOrReady, `${name} to be ready`, readyWithinMs)
    if (!process.running) throw new Error(`${name} ended:\n${process.lines.slice(-5).join('\n')}`)
  }

  const member: Member = {
    ...{ app, name, port, opsPort },
    get process() {
      return process
    },
    get starts() {
      return starts
    },
    async start() {
      process = await launch()
      starts++
      await ready()
    },
    async replace(signal = 'SIGTERM') {
      const exit = await process.kill(signal)
      await member.start()
      return exit
    },
  }
  return member
}
