import { textAt, valueAt } from '../json/value-at.ts'

/** Where an update belongs: the installation that it is for, and what keeps its order. */
export interface Place {
  readonly tenant?: string | undefined
  readonly channel?: string | undefined
  readonly view?: string | undefined
  readonly user?: string | undefined
}

/**
 * The conversation's key: team and channel. What has no channel is ordered by its view, failing that by its
 * user, by the team as a whole, or by the bot.
 */
export function conversationOf({ tenant, channel, view, user }: Place): string {
  const place = channel ?? (view && `view:${view}`) ?? (user && `user:${user}`)
  if (place === undefined) return tenant ?? 'bot'
  return tenant === undefined ? place : `${tenant}:${place}`
}

/**
 * The installation that an event is for: the first of `authorizations`, an organisation if it was installed
 * as a whole. In a channel shared by workspaces `team_id` may be the other one's.
 */
export function tenantOfEvent(body: unknown): string | undefined {
  const authorization = valueAt(body, 'authorizations', '0')
  const enterprise = textAt(authorization, 'enterprise_id')
  if (valueAt(authorization, 'is_enterprise_install') === true && enterprise !== undefined) return enterprise
  return (
    textAt(authorization, 'team_id') ??
    textAt(body, 'context_team_id') ??
    textAt(body, 'team_id') ??
    textAt(body, 'enterprise_id')
  )
}

/** The same for interactivity: a view names the team that the app stands in, which may not be the user's. */
export function tenantOfPayload(payload: unknown): string | undefined {
  const enterprise = textAt(payload, 'enterprise', 'id')
  if (valueAt(payload, 'is_enterprise_install') === true && enterprise !== undefined) return enterprise
  return (
    textAt(payload, 'view', 'app_installed_team_id') ??
    textAt(payload, 'team', 'id') ??
    enterprise ??
    textAt(payload, 'user', 'team_id')
  )
}

/** An id that stands as text, or within an object. */
export function refAt(value: unknown, ...path: readonly string[]): string | undefined {
  return textAt(value, ...path) ?? textAt(value, ...path, 'id')
}
