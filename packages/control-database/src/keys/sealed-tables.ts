import {
  type ConversationKey,
  inboundContext,
  letterErrorContext,
  outboundContext,
} from '@botyard/queue-contracts'

/** A column of the control database that holds keyring envelopes. */
export interface SealedTable {
  /** What it is called in reports: the table, or `<table>.<column>` where a table has two. */
  readonly place: string
  readonly table: string
  /** Null where a row has no such envelope. */
  readonly column: string
  /** The primary key's columns and types, in order. */
  readonly key: Readonly<Record<string, 'text' | 'bigint'>>
  /** The context that a row's envelope is bound to. */
  context(row: Readonly<Record<string, unknown>>): string
}

/**
 * Every such column. A column that is missing here is neither counted nor re-encrypted, and its key would be
 * reported as unused; a test compares the list with the database.
 */
export const sealedTables: readonly SealedTable[] = [
  {
    place: 'bots',
    table: 'bots',
    column: 'credentials',
    key: { id: 'text' },
    context: ({ id }) => `bot:${id}`,
  },
  {
    place: 'bot_tenants',
    table: 'bot_tenants',
    column: 'credentials',
    key: { bot: 'text', tenant: 'text' },
    context: ({ bot, tenant }) => `tenant:${bot}:${tenant}`,
  },
  {
    place: 'broadcasts',
    table: 'broadcasts',
    column: 'message',
    key: { id: 'text' },
    context: ({ id }) => `broadcast:${id}`,
  },
  {
    place: 'broadcast_recipients',
    table: 'broadcast_recipients',
    column: 'recipient',
    key: { broadcast: 'text', n: 'bigint' },
    context: ({ broadcast, n }) => `broadcast:${broadcast}:${n}`,
  },
  {
    place: 'shards',
    table: 'shards',
    column: 'hosts',
    key: { id: 'text' },
    context: ({ id }) => `shard:${id}`,
  },
  {
    place: 'dead_letters',
    table: 'dead_letters',
    column: 'envelope',
    key: { id: 'text' },
    context: contextOfLetter,
  },
  {
    place: 'dead_letters.error',
    table: 'dead_letters',
    column: 'error',
    key: { id: 'text' },
    context: ({ id }) => letterErrorContext(String(id)),
  },
]

/** A dead letter is `<box>/<conversation>/<hash>`, and sealed as it lay in its mailbox. */
function contextOfLetter({ id }: Readonly<Record<string, unknown>>): string {
  const [box, bot, chat, hash] = String(id).split('/')
  const conversation = `${bot}/${chat}` as ConversationKey
  const context = box === 'outbox' ? outboundContext : inboundContext
  return context(conversation, Buffer.from(String(hash), 'base64url'))
}
