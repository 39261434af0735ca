import type { ConversationKey } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { type ChaosUpdate, isPoison } from './protocol.ts'

/** What the mailboxes say at the end, one sentence for each thing that is wrong. */
export async function verify(
  redis: Redis,
  partitions: number,
  accepted: ReadonlyMap<ConversationKey, number>,
): Promise<string[]> {
  const problems: string[] = []
  const dead = new Map<string, number>()
  for (let partition = 0; partition < partitions; partition++) {
    for (const letter of await redis.lrange(`{p${partition}}:dead`, 0, -1))
      dead.set(letter, (dead.get(letter) ?? 0) + 1)
    problems.push(...(await leftovers(redis, partition)))
  }
  for (const [conversation, last] of accepted) {
    const outbox = (
      await Promise.all(outboxKeys(partitions, conversation).map(key => redis.lrangeBuffer(key, 0, -1)))
    ).flat()
    // After 12 bytes of times and 16 of hash: see lua/common.lua.
    const settled = outbox.map(entry => Number(entry.subarray(28).toString().split(' ')[1]))
    const all = Array.from({ length: last }, (_, i): ChaosUpdate => ({ conversation, n: i + 1 }))
    const expected = all.filter(update => !isPoison(update)).map(({ n }) => n)
    if (settled.join() !== expected.join()) problems.push(difference(conversation, expected, settled))
    for (const { n } of all.filter(isPoison)) {
      const times = dead.get(`${conversation} ${n}`) ?? 0
      if (times !== 1)
        problems.push(`${conversation}: poison update ${n} is in the dead letters ${times} times`)
    }
  }
  return problems
}

function outboxKeys(partitions: number, conversation: ConversationKey): string[] {
  return Array.from({ length: partitions }, (_, partition) => `{p${partition}}:mb:outbox:m:${conversation}`)
}

function difference(conversation: ConversationKey, expected: number[], settled: number[]): string {
  const lost = expected.filter(n => !settled.includes(n))
  const doubled = settled.filter((n, i) => settled.indexOf(n) !== i)
  const words = [
    lost.length > 0 ? `lost ${lost}` : '',
    doubled.length > 0 ? `doubled ${doubled}` : '',
    lost.length + doubled.length === 0 ? `out of order: ${settled}` : '',
  ]
  return `${conversation}: ${words.filter(Boolean).join('; ')}`
}

/** Everything that must be empty when all is settled. */
async function leftovers(redis: Redis, partition: number): Promise<string[]> {
  const box = `{p${partition}}:mb:inbox`
  const problems: string[] = []
  for (const pattern of [
    `${box}:m:*`,
    `${box}:run:*`,
    `${box}:bulk:*`,
    `${box}:hold:*`,
    `${box}:bots`,
    `${box}:trouble`,
    `${box}:delayed`,
    `${box}:parked`,
    `{p${partition}}:inbox:active`,
  ]) {
    const keys = await redis.keys(pattern.replaceAll('{', '\\{'))
    if (keys.length > 0) problems.push(`left over: ${keys.slice(0, 5).join(', ')} (${keys.length})`)
  }
  for (const sums of ['count', 'bytes']) {
    for (const [bot, n] of Object.entries(await redis.hgetall(`${box}:${sums}`))) {
      if (n !== '0') problems.push(`${sums} of ${bot} is ${n}, not 0`)
    }
  }
  return problems
}
