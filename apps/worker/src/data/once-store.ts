import type { OnceStore } from '@botyard/bot-kit'
import type { Mail } from '@botyard/mailbox'
import { partitionTag } from '@botyard/queue-contracts'
import type { Keyring } from '@botyard/service-kit'
import type { Redis } from 'ioredis'

/**
 * Results of `ctx.once` outlive their update's last try by this, in ms; an update parked for longer runs its
 * steps anew.
 */
const keptMs = 7 * 24 * 60 * 60 * 1000

/** The remembered steps of updates. */
export interface OnceSteps {
  /** Those of one update. */
  of(mail: Mail): OnceStore
  /**
   * To be called when an update has left its mailbox, never before: until then another try may need them. Not
   * awaited, what stays behind expires.
   */
  forget(mail: Mail): void
}

/** Steps in Redis, sealed: names are the bot author's and could hold anything, so they are sealed too. */
export function createOnceStore({ redis, keyring }: { redis: Redis; keyring: Keyring }): OnceSteps {
  const used = new WeakSet<Mail>()
  return { of: stepsOf, forget }

  // Runs for every update, and most ask for no step: the key is made when one does.
  function stepsOf(mail: Mail): OnceStore {
    let steps: Promise<Map<string, string>> | undefined

    async function read(): Promise<Map<string, string>> {
      const key = keyOf(mail)
      const sealed = await redis.lrangeBuffer(key, 0, -1)
      return new Map(
        sealed.map(envelope => JSON.parse(keyring.open(envelope, key).toString()) as [string, string]),
      )
    }

    return {
      async get(name) {
        used.add(mail)
        steps ??= read()
        return (await steps).get(name)
      },
      async set(name, json) {
        const key = keyOf(mail)
        steps ??= read()
        ;(await steps).set(name, json)
        const envelope = keyring.seal(Buffer.from(JSON.stringify([name, json])), key)
        await redis.multi().rpush(key, envelope).pexpire(key, keptMs).exec()
      },
    }
  }

  function forget(mail: Mail): void {
    if (used.has(mail)) redis.del(keyOf(mail)).catch(() => undefined)
  }
}

function keyOf({ partition, conversation, hash }: Mail): string {
  return `${partitionTag(partition)}:once:${conversation}:${hash.toString('base64url')}`
}
