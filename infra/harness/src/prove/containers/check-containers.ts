import { untilTrue } from '@botyard/testkit'
import type { ContainedSystem } from './contained-system.ts'
import type { Container } from './container.ts'

/** What was tried, and what was wrong with it; nothing if all was well. */
export interface Check {
  readonly what: string
  readonly problem: string | undefined
}

type Say = (line: string) => void

/** Tries what a container must do, one thing after another; the system is ended by it. */
export async function checkContainers(system: ContainedSystem, ownImage: string, say: Say): Promise<Check[]> {
  const checks: Check[] = []
  const check = async (what: string, look: () => Promise<string | undefined>) => {
    const problem = await look().catch((error: Error) => error.message)
    checks.push({ what, problem })
    say(`${problem === undefined ? '✓' : '✗'} ${what}${problem === undefined ? '' : `: ${problem}`}`)
  }
  const { containers, hold } = system
  const { worker } = containers

  for (const container of Object.values(containers)) {
    await check(`${container.name} runs confined, as process 1, and its health check agrees`, () =>
      confined(container),
    )
  }
  await check('an update comes in, and the bot of a mounted folder answers', async () => {
    await system.addBot('echo')
    return await answered(system, 'echo', 'over here', 'over here')
  })
  await check('SIGTERM during a handler: the worker lets it end, and exits with 0', async () => {
    await system.addBot('slow')
    const status = await system.say('slow', 'take your time')
    await hold.begun
    await worker.signal('SIGTERM')
    await untilLogged(worker, '"closing"')
    hold.release('done in time')
    const code = await worker.ended()
    return status === 200 && code === 0 ? undefined : `status ${status}, exit code ${code}`
  })
  await check(
    'a worker of a bot author’s own image sends that reply, and answers by its own bot',
    async () => {
      const own = await system.startWorker('own', ownImage)
      await system.replied('done in time')
      await system.addBot('hello')
      const problem = await answered(system, 'hello', 'Ada', 'hello from an image, Ada')
      return problem ?? (await endsWell(own))
    },
  )
  await check(
    'with PROCESSES=2 process 1 waits for a child that was killed, starts another, and closes',
    async () => {
      const cluster = await system.startGateway('cluster', { PROCESSES: '2' })
      return (await replacesChild(cluster)) ?? (await endsWell(cluster))
    },
  )
  for (const container of [containers['ingest-gateway'], containers.admin])
    await check(`${container.name} exits with 0 at SIGTERM`, () => endsWell(container))
  await check('the health check of one that has ended fails', async () =>
    (await worker.health()) === 0 ? 'it did not' : undefined,
  )
  return checks
}

async function confined(container: Container): Promise<string | undefined> {
  const { pid, user, capabilities, noNewPrivileges, writable, children } = await container.confinement()
  const health = await container.health()
  const faults = [
    [pid !== 1, `process ${pid}`],
    [user !== 1000, `user ${user}`],
    [capabilities !== 0n, `capabilities ${capabilities.toString(16)}`],
    [!noNewPrivileges, 'may gain privileges'],
    [writable.length > 0, `may write to ${writable.join(', ')}`],
    [children.length > 0, `${children.length} child processes`],
    [health !== 0, `health check ${health}`],
  ] as const
  const found = faults.filter(([wrong]) => wrong).map(([, what]) => what)
  return found.length > 0 ? found.join(', ') : undefined
}

async function answered(system: ContainedSystem, bot: string, text: string, reply: string) {
  const status = await system.say(bot, text)
  if (status !== 200) return `status ${status}`
  await system.replied(reply)
}

async function endsWell(container: Container): Promise<string | undefined> {
  await container.signal('SIGTERM')
  const code = await container.ended()
  const log = await container.log()
  if (code !== 0) return `exit code ${code}: ${log.split('\n').slice(-5).join(' ')}`
  return log.includes('"closed"') ? undefined : 'it did not close'
}

/** Kills one child of process 1, and waits for another; the killed one must not be left as a zombie. */
async function replacesChild(container: Container): Promise<string | undefined> {
  const { children } = await container.confinement()
  const [first] = children
  if (first === undefined || children.length !== 2) return `${children.length} child processes`
  process.kill(first.pid, 'SIGKILL')
  const isRenewed = async () => {
    const now = (await container.confinement()).children
    return now.length === 2 && now.every(({ pid, isZombie }) => pid !== first.pid && !isZombie)
  }
  await untilTrue(isRenewed, 'another child in the place of the killed one')
}

async function untilLogged(container: Container, text: string): Promise<void> {
  while (!(await container.log()).includes(text)) await new Promise(resolve => setTimeout(resolve, 50))
}
