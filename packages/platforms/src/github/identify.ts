import type { BotIdentity } from '@botyard/queue-contracts'
import type { Identified, SendOptions } from '../adapter.ts'
import type { Answer } from '../http/call-api.ts'
import { idAt, jsonOf, textAt, valueAt } from '../json/value-at.ts'
import { callGitHub } from './api.ts'
import type { GitHubCredentials } from './credentials.ts'

/**
 * Asks GitHub whose token it is: REST tells of accounts, and refuses the token of an app's installation, of
 * which GraphQL tells.
 */
export async function identifyGitHub(
  credentials: Pick<GitHubCredentials, 'token' | 'apiRoot'>,
  options: SendOptions,
): Promise<Identified> {
  if (credentials.token === undefined) return { status: 'refused', reason: 'the bot has no token' }
  const asAccount = await callGitHub({ method: 'GET', path: '/user' }, credentials, options)
  if ('result' in asAccount) return { status: 'unreachable', reason: asAccount.result.reason }
  if (asAccount.answer.status !== 403) return identified(asAccount.answer, 'id')
  const asApp = await callGitHub({ query: '{viewer{login databaseId}}' }, credentials, options)
  if ('result' in asApp) return { status: 'unreachable', reason: asApp.result.reason }
  return identified(asApp.answer, 'databaseId', 'data', 'viewer')
}

function identified({ status, body }: Answer, idName: string, ...path: string[]): Identified {
  const reason = `answered ${status}`
  if (status === 401 || status === 403) return { status: 'refused', reason }
  const account = valueAt(jsonOf(body), ...path)
  const user = idAt(account, idName)
  if (status >= 300 || user === undefined) return { status: 'unreachable', reason }
  const name = textAt(account, 'login')
  return { status: 'known', identity: { user, ...(name !== undefined && { name }) } }
}

/** Who wrote a comment, as the answer to writing it tells. */
export function authorOfComment(comment: unknown): BotIdentity | undefined {
  const author = valueAt(comment, 'user') ?? valueAt(comment, 'author')
  const user = idAt(author, 'id') ?? idAt(author, 'databaseId')
  if (user === undefined) return undefined
  const name = textAt(author, 'login')
  const app = idAt(comment, 'performed_via_github_app', 'id')
  return { user, ...(name !== undefined && { name }), ...(app !== undefined && { app }) }
}
