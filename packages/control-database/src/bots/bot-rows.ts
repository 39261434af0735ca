import type { BotId } from '@botyard/queue-contracts'
import type { Selectable } from 'kysely'
import type { ControlSchema } from '../database/control-schema.ts'
import type { BotProfile } from './bot.ts'

/** The columns that {@link profileOf} reads. */
export const profileColumns = [
  'id',
  'uid',
  'recreated',
  'platform',
  'handler',
  'settings',
  'identity',
  'version',
  'created_at',
  'updated_at',
] as const

/** A row as it may be shown. */
export function profileOf(row: Omit<Selectable<ControlSchema['bots']>, 'credentials'>): BotProfile {
  return {
    id: row.id,
    uid: row.uid,
    recreated: row.recreated,
    platform: row.platform,
    handler: row.handler,
    settings: row.settings,
    ...(row.identity !== null && { identity: row.identity }),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** The context that a bot's credentials are sealed under. */
export function contextOf(id: BotId): string {
  return `bot:${id}`
}
