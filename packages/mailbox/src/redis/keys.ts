import { type BoxName, noGroup, partitionTag } from '@botyard/queue-contracts/names'

/** The base of one box's keys. BullMQ's own keys of the same partition begin with `<tag>:<queue>:`. */
export function boxBase(partition: number, box: BoxName): string {
  return `${partitionTag(partition)}:mb:${box}`
}

/** The bots of a group that have something ready and may run it. */
export function rotationKey(partition: number, box: BoxName, group: string): string {
  return ofGroup(`${boxBase(partition, box)}:bots`, group)
}

/** The name of what each group of bots has one of its own of. */
export function ofGroup(name: string, group: string): string {
  return group === noGroup ? name : `${name}@${group}`
}

/** The mailbox of a conversation. */
export function mailKey(partition: number, box: BoxName, conversation: string): string {
  return `${boxBase(partition, box)}:m:${conversation}`
}

/** The key that says a worker process is alive while it stands. */
export function heartbeatKey(partition: number, process: string): string {
  return `${partitionTag(partition)}:hb:${process}`
}

/** The list of dead letters and records that wait for the mover. */
export function deadLettersKey(partition: number): string {
  return `${partitionTag(partition)}:dead`
}

/** The list of entries and records that nobody could read. */
export function quarantineKey(partition: number): string {
  return `${partitionTag(partition)}:quarantine`
}
