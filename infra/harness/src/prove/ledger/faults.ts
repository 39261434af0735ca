import { setTimeout as delay } from 'node:timers/promises'
import type { AppName } from '../../shared/installation.ts'
import type { FaultyDeployment } from './faulty-deployment.ts'

/** What breaks, in the order of `--help`. */
export const faultNames = [
  'kill gateway',
  'kill worker',
  'kill admin',
  'kill haproxy',
  'freeze gateway',
  'freeze worker',
  'freeze admin',
  'half-open gateways',
  'half-open shards',
  'fail over redis',
  'freeze redis',
  'fail over a shard',
  'deploy gateways',
  'deploy workers',
  'deploy admin',
] as const
export type FaultName = (typeof faultNames)[number]

/** Each fault, from its beginning until what was broken stands again. */
export type FaultPlan = Readonly<Record<FaultName, () => Promise<void>>>

/** How long what was killed is missed: somebody, or something, has to notice. */
const missedMs = 2_000
/** Longer than a process's heartbeat: others take over what it held, and it wakes up fenced out. */
const frozenMs = 12_000
/** Long enough for the sentinels to take it for dead. */
const redisFrozenMs = 6_000

/** Says how each fault is made. */
export function planFaults(deployment: FaultyDeployment): FaultPlan {
  const { membersOf, haproxy, sentinels, shards, links } = deployment
  let turn = 0

  const kill = (app: AppName) => async () => {
    const members = membersOf(app)
    const member = members[turn++ % members.length]!
    await member.process.kill('SIGKILL')
    await delay(missedMs)
    await member.start()
  }
  const freeze = (app: AppName) => async () => {
    const members = membersOf(app)
    const { process } = members[turn++ % members.length]!
    process.pause()
    await delay(frozenMs)
    process.resume()
  }
  const deploy = (app: AppName) => async () => {
    for (const member of membersOf(app)) await member.replace('SIGTERM')
  }
  const halfOpen = (some: readonly (typeof links)[number][]) => async () => {
    for (const link of some) link.halfOpen()
  }
  let failedOver = 0

  return {
    'kill gateway': kill('gateway'),
    'kill worker': kill('worker'),
    'kill admin': kill('admin'),
    'kill haproxy': () => haproxy.replace('SIGKILL'),
    'freeze gateway': freeze('gateway'),
    'freeze worker': freeze('worker'),
    'freeze admin': freeze('admin'),
    'half-open gateways': halfOpen(links.slice(shards.length)),
    'half-open shards': halfOpen(links.slice(0, shards.length)),
    async 'fail over redis'() {
      const primary = await sentinels.primary()
      await primary.kill('SIGKILL')
      await untilAnother(primary.port)
      await primary.restart({ waitUntilReady: false })
    },
    async 'freeze redis'() {
      const primary = await sentinels.primary()
      primary.pause()
      await delay(redisFrozenMs)
      primary.resume()
    },
    // Each shard once: nobody makes a standby of what was the primary.
    async 'fail over a shard'() {
      const pair = shards[failedOver++]
      if (pair === undefined) return
      await pair.primary.kill()
      await pair.promote()
    },
    'deploy gateways': deploy('gateway'),
    'deploy workers': deploy('worker'),
    'deploy admin': deploy('admin'),
  }

  async function untilAnother(port: number): Promise<void> {
    while ((await sentinels.primary()).port === port) await delay(100)
  }
}
