import type { Identified, SendOptions } from '../adapter.ts'
import { jsonOf, textAt, valueAt } from '../json/value-at.ts'
import { callSlack, defaultApiRoot } from './api.ts'
import type { SlackCredentials } from './credentials.ts'
import { errorOf, resultOfAnswer } from './result-of-answer.ts'

/**
 * Asks `auth.test` who the bot is, by the tenant's token if there is one
 * (https://docs.slack.dev/reference/methods/auth.test).
 */
export async function identifySlack(
  { botToken, apiRoot = defaultApiRoot }: Pick<SlackCredentials, 'botToken' | 'apiRoot'>,
  options: SendOptions,
): Promise<Identified> {
  const token = textAt(options.tenant, 'botToken') ?? botToken
  if (token === undefined) return { status: 'refused', reason: 'the bot has no token' }
  const called = await callSlack(
    { url: `${apiRoot.replace(/\/+$/, '')}/auth.test`, token, body: {} },
    options,
  )
  if ('result' in called) return { status: 'unreachable', reason: called.result.reason }
  const { answer } = called
  const told = jsonOf(answer.body)
  const user = textAt(told, 'user_id')
  if (valueAt(told, 'ok') === true && user !== undefined) {
    const name = textAt(told, 'user')
    const bot = textAt(told, 'bot_id')
    const app = textAt(told, 'app_id')
    return {
      status: 'known',
      identity: { user, ...(name && { name }), ...(bot && { bot }), ...(app && { app }) },
    }
  }
  const result = resultOfAnswer(answer, { method: 'auth.test' }, undefined)
  const refused =
    result.status === 'failed' && (result.blame === 'credentials' || errorOf(answer) !== undefined)
  return {
    status: refused ? 'refused' : 'unreachable',
    reason: 'reason' in result ? result.reason : 'answered without a user',
  }
}
