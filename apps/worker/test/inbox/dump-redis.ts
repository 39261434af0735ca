import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Redis } from 'ioredis'

/** All that a Redis holds in memory, keys included, and the types of its keys. */
export async function dumpMemory(redis: Redis): Promise<{ bytes: Buffer; types: Set<string> }> {
  const parts: Buffer[] = []
  const types = new Set<string>()
  let cursor = '0'
  do {
    const [next, keys] = await redis.scanBuffer(cursor, 'COUNT', 1000)
    cursor = String(next)
    for (const key of keys) {
      const type = await redis.type(key)
      // Its time ran out between the two commands.
      if (type === 'none') continue
      types.add(type)
      parts.push(key)
      collect(await redis.callBuffer(...readAll(type, key)), parts)
    }
  } while (cursor !== '0')
  return { bytes: joined(parts), types }
}

/** All that a Redis wrote to its append-only files. */
export async function dumpFiles(dir: string): Promise<Buffer> {
  const folder = join(dir, 'appendonlydir')
  const files = await readdir(folder)
  return joined(await Promise.all(files.map(file => readFile(join(folder, file)))))
}

function readAll(type: string, key: Buffer): [string, ...(string | Buffer)[]] {
  switch (type) {
    case 'string':
      return ['GET', key]
    case 'list':
      return ['LRANGE', key, '0', '-1']
    case 'hash':
      return ['HGETALL', key]
    case 'set':
      return ['SMEMBERS', key]
    case 'zset':
      return ['ZRANGE', key, '0', '-1', 'WITHSCORES']
    case 'stream':
      return ['XRANGE', key, '-', '+']
    default:
      throw new Error(`No way to read a ${type}: add it, or private data could hide in it`)
  }
}

function collect(value: unknown, parts: Buffer[]): void {
  if (Buffer.isBuffer(value)) parts.push(value)
  else if (Array.isArray(value)) for (const item of value) collect(item, parts)
  else if (value !== null) parts.push(Buffer.from(String(value)))
}

// A separator, so that no two parts make up a number together.
function joined(parts: Buffer[]): Buffer {
  return Buffer.concat(parts.flatMap(part => [part, Buffer.from('\n')]))
}
