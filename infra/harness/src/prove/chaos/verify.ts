import type { Redis } from 'ioredis'
import type { Ledger } from './ledger.ts'

/** What is wrong when all should be at rest, one sentence for each thing. */
export async function verify(redis: Redis, partitions: number, ledger: Ledger): Promise<string[]> {
  const problems = ledger.problems()
  const dead = new Map<string, number>()
  for (let partition = 0; partition < partitions; partition++) {
    for (const letter of await redis.lrange(`{p${partition}}:dead`, 0, -1))
      dead.set(letter, (dead.get(letter) ?? 0) + 1)
    problems.push(...(await leftovers(redis, partition)))
  }
  for (const { conversation, n } of ledger.poison) {
    const name = `${conversation} ${n}`
    if (dead.get(name) !== 1)
      problems.push(`${name} is poison, in the dead letters ${dead.get(name) ?? 0} times`)
    dead.delete(name)
  }
  problems.push(...[...dead.keys()].map(letter => `${letter} is in the dead letters and no poison`))
  return problems
}

/** Everything that must be empty when all is settled. */
async function leftovers(redis: Redis, partition: number): Promise<string[]> {
  const problems: string[] = []
  for (const box of ['inbox', 'outbox']) {
    const base = `{p${partition}}:mb:${box}`
    const places = [
      'm:*',
      'run:*',
      'bulk:*',
      'hold:*',
      'bots',
      'trouble',
      'delayed',
      'parked',
      'count',
      'bytes',
    ]
    for (const pattern of [...places.map(place => `${base}:${place}`), `{p${partition}}:${box}:active`]) {
      const keys = await redis.keys(pattern)
      if (keys.length > 0) problems.push(`left over: ${keys.slice(0, 5).join(', ')} (${keys.length})`)
      if (pattern.endsWith(':hold:*'))
        for (const key of keys) problems.push(await aboutHolder(redis, partition, key))
    }
  }
  return problems
}

/** Whose a hold is, and why nobody takes it over. */
async function aboutHolder(redis: Redis, partition: number, key: string): Promise<string> {
  const process = key.slice(key.lastIndexOf(':') + 1)
  const holds = Object.entries(await redis.hgetall(key)).map(([name, hold]) => `${name} ${hold}`)
  const isKnown = (await redis.zscore(`{p${partition}}:processes`, process)) !== null
  const beats = (await redis.exists(`{p${partition}}:hb:${process}`)) === 1
  const isSpared = (await redis.exists(`{p${partition}}:spared`)) === 1
  return `${process} holds ${holds.slice(0, 5).join(', ')} (known ${isKnown}, beats ${beats}, spared ${isSpared})`
}
