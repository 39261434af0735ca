/** A column of the control database that holds keyring envelopes. */
export interface SealedTable {
  readonly table: string
  readonly column: string
  /** The primary key's columns and types, in order. */
  readonly key: Readonly<Record<string, 'text' | 'bigint'>>
  /** The context that a row's envelope is bound to. */
  context(row: Readonly<Record<string, unknown>>): string
}

/**
 * Every such column: what is not named here is neither counted nor re-encrypted, and its key would be called unused. A test compares the
 * list with the database.
 */
export const sealedTables: readonly SealedTable[] = [
  { table: 'bots', column: 'credentials', key: { id: 'text' }, context: ({ id }) => `bot:${id}` },
  {
    table: 'bot_tenants',
    column: 'credentials',
    key: { bot: 'text', tenant: 'text' },
    context: ({ bot, tenant }) => `tenant:${bot}:${tenant}`,
  },
  { table: 'broadcasts', column: 'message', key: { id: 'text' }, context: ({ id }) => `broadcast:${id}` },
  {
    table: 'broadcast_recipients',
    column: 'recipient',
    key: { broadcast: 'text', n: 'bigint' },
    context: ({ broadcast, n }) => `broadcast:${broadcast}:${n}`,
  },
  { table: 'shards', column: 'hosts', key: { id: 'text' }, context: ({ id }) => `shard:${id}` },
  { table: 'dead_letters', column: 'envelope', key: { id: 'text' }, context: contextOfLetter },
]

/** A dead letter is `<box>/<conversation>/<hash>`, and sealed as it lay in its mailbox. */
function contextOfLetter({ id }: Readonly<Record<string, unknown>>): string {
  const [box, bot, chat, hash] = String(id).split('/')
  return box === 'outbox' ? `${bot}/${chat}|out` : `${bot}/${chat}|${hash}`
}
