import { type BoxName, partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { rotationKey } from '../redis/keys.ts'
import type { Tokens } from '../wake/tokens.ts'

/** Whose rotation it is. */
export interface RotationOf {
  readonly redis: Redis
  readonly partition: number
  /** Groups of bots. */
  readonly groups: readonly string[]
}

/** How many bots have something ready and may run it. */
export async function countReady({ redis, partition, groups }: RotationOf, box: BoxName): Promise<number> {
  let bots = 0
  for (const group of groups) bots += await redis.zcard(rotationKey(partition, box, group))
  return bots
}

/** Nobody looks by itself from now on: tokens say what is ready, at once if something is. */
export async function leaveLookout(
  { redis, partition, groups, tokens }: RotationOf & { readonly tokens: Tokens },
  box: BoxName,
): Promise<void> {
  const wanted = await redis.mailboxLook(partitionTag(partition), box, 'leave', ...groups)
  await tokens.addFor(partition, box, wanted)
}
