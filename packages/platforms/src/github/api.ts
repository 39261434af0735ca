import type { SendOptions } from '../adapter.ts'
import { type Answer, callApi } from '../http/call-api.ts'
import type { Unanswered } from '../send/result-without-answer.ts'
import type { GitHubCredentials } from './credentials.ts'

const defaultApiRoot = 'https://api.github.com'

/** A call of GitHub's API: of REST by its path, or of GraphQL. */
export type GitHubCall =
  | { readonly method: 'GET' | 'POST' | 'PATCH'; readonly path: string; readonly body?: unknown }
  | { readonly query: string; readonly variables?: object }

/** Calls GitHub with the bot's token; never rejects. */
export function callGitHub(
  call: GitHubCall,
  { token, apiRoot = defaultApiRoot }: Pick<GitHubCredentials, 'token' | 'apiRoot'>,
  options: SendOptions,
): Promise<{ answer: Answer } | { result: Unanswered }> {
  const root = apiRoot.replace(/\/+$/, '')
  const body = 'query' in call ? call : call.body
  return callApi(
    {
      method: 'query' in call ? 'POST' : call.method,
      // An Enterprise Server has GraphQL beside the version of REST.
      url: 'query' in call ? `${root.replace(/\/v3$/, '')}/graphql` : root + call.path,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        // GitHub refuses calls without one.
        'user-agent': 'botyard',
        'x-github-api-version': '2022-11-28',
      },
    },
    options,
  )
}
