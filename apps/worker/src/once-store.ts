import type { OnceStore } from '@botyard/bot-kit'
import type { Mail } from '@botyard/mailbox'
import { shardTag } from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'
import type { Redis } from 'ioredis'

/** Results of `ctx.once` outlive their update's last try by this, in ms; an update parked for longer runs its steps anew. */
const keptMs = 7 * 24 * 60 * 60 * 1000

/** The remembered steps of one update, sealed: names are the bot author's and could hold anything, so they are sealed too. */
export function createOnceStore(options: {
  redis: Redis
  keyring: Keyring
}): (mail: Mail) => OnceStore & { forget(): void } {
  const { redis, keyring } = options
  return mail => {
    const key = `${shardTag(mail.shard)}:once:${mail.conversation}:${mail.hash.toString('base64url')}`
    let steps: Promise<Map<string, string>> | undefined

    async function read(): Promise<Map<string, string>> {
      const sealed = await redis.lrangeBuffer(key, 0, -1)
      return new Map(sealed.map(envelope => JSON.parse(keyring.open(envelope, key).toString()) as [string, string]))
    }

    return {
      async get(name) {
        steps ??= read()
        return (await steps).get(name)
      },
      async set(name, json) {
        steps ??= read()
        ;(await steps).set(name, json)
        const envelope = keyring.seal(Buffer.from(JSON.stringify([name, json])), key)
        await redis.multi().rpush(key, envelope).pexpire(key, keptMs).exec()
      },
      /** The update is settled. Not awaited: what stays behind expires. */
      forget() {
        if (steps !== undefined) redis.del(key).catch(() => undefined)
      },
    }
  }
}
