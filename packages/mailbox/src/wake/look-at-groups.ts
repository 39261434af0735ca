import { type BoxName, partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'

/** What there is to do for a group of bots in one box of a partition. */
export interface GroupLook {
  readonly group: string
  /** There is work that a process with free places could take. */
  readonly hasWork: boolean
  /**
   * How long ago somebody was told: a token was marked, or a process's promise to look by itself ended (0 =
   * it stands); undefined if nobody was.
   */
  readonly ageMs: number | undefined
}

/** Looks at all groups. */
export async function lookAtGroups(redis: Redis, partition: number, box: BoxName): Promise<GroupLook[]> {
  const answer = await redis.mailboxLook(partitionTag(partition), box, 'look')
  const looks: GroupLook[] = []
  for (let i = 0; i < answer.length; i += 3) {
    const ageMs = Number(answer[i + 2])
    looks.push({ group: answer[i]!, hasWork: answer[i + 1] === '1', ageMs: ageMs < 0 ? undefined : ageMs })
  }
  return looks
}
