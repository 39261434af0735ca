import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import type { Limit } from '@botyard/platforms'
import { createNaming } from '@botyard/service-kit'
import { sharedRedis } from '@botyard/testkit'
import { Redis } from 'ioredis'
import { createSendLimits, type Sender } from '../src/index.ts'
import { withLimitScripts } from '../src/scripts.ts'

/** A rate that waits, once a `periodMs / count`. */
export function rate(
  name: string,
  count: number,
  more: Partial<Extract<Limit, { kind: 'rate' }>> = {},
): Limit {
  return { kind: 'rate', name, count, periodMs: 1000, burst: 1, waits: true, ...more }
}

let lastBot = 0

/**
 * Limits on a real Redis. Its clock, for the scripts, and the process's are the test's: nothing waits, a test
 * of hours takes a moment, and on a slow machine nothing is late.
 */
export async function rig(t: TestContext) {
  const closers: (() => unknown)[] = []
  t.after(async () => {
    for (const close of closers.reverse()) await close()
  })
  const leave: (() => Promise<void>)[] = []
  const server = await sharedRedis({ after: hook => void leave.push(hook) })
  closers.push(() => leave[0]?.())
  const open = (): Redis => {
    const client = new Redis(server.url)
    client.on('error', () => undefined)
    closers.push(() => client.disconnect())
    return client
  }
  const clock = `clock:${++lastBot}`
  const redis = withLimitScripts(open(), testClock(clock))
  let now = 1_800_000_000_000
  await redis.set(clock, now)
  const naming = createNaming(randomBytes(32))
  const sender: Sender = { id: `bot-${lastBot}`, platform: 'telegram', version: 1 }
  return {
    server,
    redis,
    naming,
    sender,
    open,
    limits: createSendLimits({ redis, naming, aheadMs: 0, localNow: () => now }),
    get now() {
      return now
    },
    /** Moves the clock on. */
    async pass(ms: number) {
      now += ms
      await redis.set(clock, now)
    },
    /** Sets the clock, never back. */
    async at(ms: number) {
      if (ms > now) now = ms
      await redis.set(clock, now)
    },
  }
}

/** The time is that of a key. Redis's own goes on: on a slow machine it must not end a key early. */
function testClock(key: string): string {
  return `
    local real, redis = redis, {}
    function redis.call(name, ...)
      local args = { ... }
      if name == 'PEXPIRE' then args[2] = args[2] * 1000 end
      if name == 'SET' and args[3] == 'PX' then args[4] = args[4] * 1000 end
      return real.call(name, unpack(args))
    end
    local now = tonumber(redis.call('GET', '${key}'))`
}
