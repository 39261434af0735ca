import type { Identified, SendOptions } from '../adapter.ts'
import { basicAuth } from '../http/basic-auth.ts'
import { callApi } from '../http/call-api.ts'
import { idAt, jsonOf, textAt } from '../json/value-at.ts'
import type { ZulipCredentials } from './credentials.ts'

/** Asks Zulip for the bot's own user: https://zulip.com/api/get-own-user. */
export async function identifyZulip(
  { botEmail, apiKey, apiRoot }: Pick<ZulipCredentials, 'botEmail' | 'apiKey' | 'apiRoot'>,
  options: SendOptions,
): Promise<Identified> {
  if (botEmail === undefined || apiKey === undefined || apiRoot === undefined) {
    return { status: 'refused', reason: 'the bot has no botEmail, apiKey and apiRoot' }
  }
  const called = await callApi(
    {
      method: 'GET',
      url: `${apiRoot.replace(/\/+$/, '')}/api/v1/users/me`,
      headers: { authorization: basicAuth(botEmail, apiKey) },
    },
    options,
  )
  if ('result' in called) return { status: 'unreachable', reason: called.result.reason }
  const { status, body } = called.answer
  const reason = `answered ${status}`
  if (status === 401 || status === 403) return { status: 'refused', reason }
  const account = jsonOf(body)
  const user = idAt(account, 'user_id')
  if (status >= 300 || user === undefined) return { status: 'unreachable', reason }
  const name = textAt(account, 'full_name')
  return { status: 'known', identity: { user, ...(name !== undefined && { name }) } }
}
