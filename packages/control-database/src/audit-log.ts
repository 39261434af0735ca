import type { ControlDatabase } from './database/control-database.ts'

/** One change that somebody made, or tried to; `details` names fields, never a secret's value. */
export interface AuditEntry {
  readonly actor: string
  readonly role: string
  /** A stable name such as `bot.create`. */
  readonly action: string
  readonly target: string
  readonly details: Readonly<Record<string, unknown>>
}

/** Who did what and when, in the control database. */
export interface AuditLog {
  append(entry: AuditEntry): Promise<void>
  /** The newest entries. */
  list(options: { limit: number }): Promise<(AuditEntry & { at: Date })[]>
}

/** The audit_log table; given a transaction, an entry stands if and only if the change does. */
export function createAuditLog(db: ControlDatabase): AuditLog {
  return {
    async append({ actor, role, action, target, details }) {
      await db
        .insertInto('audit_log')
        .values({ actor, role, action, target, details: JSON.stringify(details) })
        .execute()
    },

    list: ({ limit }) =>
      db
        .selectFrom('audit_log')
        .select(['at', 'actor', 'role', 'action', 'target', 'details'])
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
  }
}
