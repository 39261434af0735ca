import type { OutboundMessage } from '@botyard/queue-contracts'

type Native = NonNullable<OutboundMessage['native']>

/**
 * The native messages that a broadcast may send. An operator may tell many chats something; with the bot's
 * token a native message could also change the bot itself (Telegram's `setWebhook`) or act on chats, which
 * broadcasts are not for.
 */
export interface BroadcastMethods {
  /** What a native message asks for, by the platform's own name; for the audit log too. */
  nameOf(native: Native): string
  /** A closed list. */
  readonly allowed: ReadonlySet<string>
  /** Members that say whom a message is for: a broadcast's recipients do, so it must have none of them. */
  readonly address: readonly string[]
}

/** The methods of a platform whose native messages name what they are in a member. */
export function methodsByMember(
  member: string,
  byDefault: string,
  allowed: readonly string[],
  address: readonly string[],
): BroadcastMethods {
  return {
    nameOf: native => String(native[member] ?? byDefault),
    allowed: new Set(allowed),
    address,
  }
}

/** The methods of a platform whose native messages all go the same way. */
export function onlyMethod(name: string, address: readonly string[]): BroadcastMethods {
  return { nameOf: () => name, allowed: new Set([name]), address }
}

/** Why a broadcast may not send a native message, and which member is to blame; undefined if it may. */
export function whyNoBroadcast(
  { nameOf, allowed, address }: BroadcastMethods,
  native: Native,
): { member?: string; reason: string } | undefined {
  const name = nameOf(native)
  if (!allowed.has(name)) {
    return {
      reason: `a broadcast may not ask for ${JSON.stringify(name.slice(0, 64))}: use ${[...allowed].join(', ')}`,
    }
  }
  const member = address.find(part => part in native)
  return member === undefined ? undefined : { member, reason: 'is set by the recipients: remove it' }
}
