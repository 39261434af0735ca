import type { Identified, SendOptions } from '../adapter.ts'
import { idAt, jsonOf, textAt } from '../json/value-at.ts'
import { callDiscord } from './api.ts'
import type { DiscordCredentials } from './credentials.ts'

/**
 * Asks Discord for the bot's user. Without its token the application is known, whose id is also the user's
 * but of old bots.
 */
export async function identifyDiscord(
  credentials: Pick<DiscordCredentials, 'applicationId' | 'botToken' | 'apiRoot'>,
  options: SendOptions,
): Promise<Identified> {
  const { applicationId: app, botToken } = credentials
  if (botToken === undefined) return { status: 'known', identity: { app } }
  const called = await callDiscord({ method: 'GET', path: '/users/@me', botToken }, credentials, options)
  if ('result' in called) return { status: 'unreachable', reason: called.result.reason }
  const { status, body } = called.answer
  const reason = `answered ${status}`
  if (status === 401 || status === 403) return { status: 'refused', reason }
  const account = jsonOf(body)
  const user = idAt(account, 'id')
  if (status >= 300 || user === undefined) return { status: 'unreachable', reason }
  const name = textAt(account, 'username')
  return { status: 'known', identity: { user, app, ...(name !== undefined && { name }) } }
}
