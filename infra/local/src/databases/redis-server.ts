import { chmodSync } from 'node:fs'
import { Redis } from 'ioredis'
import { inheritedEnvironment } from '../config.ts'
import type { ChildSpec } from '../processes/supervised-child.ts'
import { systemEnvironment } from '../processes/system-environment.ts'
import { writePrivateFile } from '../state/private-file.ts'

/** What the stack's own Redis is started with. */
export interface RedisServerOptions {
  readonly program: string
  readonly dir: string
  /** Where its configuration is written. */
  readonly config: string
  readonly port: number
  readonly password: string
  /** `strict`: every write is on disk before its answer; `relaxed`: a crash may lose the last second. */
  readonly durability: 'strict' | 'relaxed'
  readonly log: string
}

/** A private Redis on 127.0.0.1 that keeps what it accepts: append-only file, no eviction. */
export function redisServer(options: RedisServerOptions): ChildSpec & { readonly url: string } {
  const { program, dir, config, port, password, durability, log } = options
  const url = `redis://:${password}@127.0.0.1:${port}`
  return {
    name: 'redis',
    url,
    command: program,
    args: [config],
    cwd: dir,
    env: systemEnvironment(inheritedEnvironment),
    log,
    stopSignal: 'SIGTERM',
    stopTurn: 4,
    stopWithinMs: 20_000,
    async prepare() {
      // In a file, since arguments (the password among them) are seen by every user of the machine.
      writePrivateFile(
        config,
        [
          'bind 127.0.0.1',
          `port ${port}`,
          `requirepass ${password}`,
          `dir ${JSON.stringify(dir)}`,
          'appendonly yes',
          `appendfsync ${durability === 'strict' ? 'always' : 'everysec'}`,
          'maxmemory-policy noeviction',
          'save ""',
          '',
        ].join('\n'),
      )
      chmodSync(dir, 0o700)
    },
    isReady: () => answersPing(url),
  }
}

/** Whether a Redis accepts commands: false while it loads its data, too. */
export async function answersPing(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2000 })
  redis.on('error', () => {})
  try {
    await redis.connect()
    return (await redis.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    redis.disconnect()
  }
}
