import type { Identified, SendOptions } from '../adapter.ts'
import { callApi } from '../http/call-api.ts'
import { jsonOf, textAt } from '../json/value-at.ts'
import type { MattermostCredentials } from './credentials.ts'

/** Asks the server whose account the bot's token is of. */
export async function identifyMattermost(
  { url, botToken }: Pick<MattermostCredentials, 'url' | 'botToken'>,
  options: SendOptions,
): Promise<Identified> {
  if (url === undefined || botToken === undefined) {
    return { status: 'refused', reason: 'the bot has no url and botToken' }
  }
  const called = await callApi(
    {
      method: 'GET',
      url: `${url.replace(/\/+$/, '')}/api/v4/users/me`,
      headers: { authorization: `Bearer ${botToken}` },
    },
    options,
  )
  if ('result' in called) return { status: 'unreachable', reason: called.result.reason }
  const { status, body } = called.answer
  const user = textAt(jsonOf(body), 'id')
  const name = textAt(jsonOf(body), 'username')
  if (status === 200 && user !== undefined)
    return { status: 'known', identity: { user, ...(name && { name }) } }
  return {
    status: status === 401 || status === 403 ? 'refused' : 'unreachable',
    reason: `answered ${status}`,
  }
}
