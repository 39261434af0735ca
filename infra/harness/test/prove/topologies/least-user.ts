import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { TestRedis } from '@botyard/testkit'
import { Redis } from 'ioredis'

const acl = readFileSync(new URL('../../../../redis/botyard.acl', import.meta.url), 'utf8')
const rules = /^user botyard on >CHANGE-ME (.*)$/m.exec(acl)![1]!

/** Arguments of a server that knows the user of `infra/redis/botyard.acl`. */
export const leastUser = ['--user', 'botyard', 'on', '>pw', ...rules.split(' ')]

/** A url with that user. */
export const asLeastUser = (url: string) => url.replace('//', '//botyard:pw@')

/** The user was refused nothing on any of the servers. */
export async function assertNothingRefused(nodes: readonly TestRedis[]): Promise<void> {
  for (const { port } of nodes) {
    const redis = new Redis(port, '127.0.0.1')
    const refused = (await redis.call('ACL', 'LOG')) as unknown[]
    redis.disconnect()
    assert.deepEqual(refused, [])
  }
}
