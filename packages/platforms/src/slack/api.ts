import type { NetworkOptions } from '../adapter.ts'
import { type Answer, callApi } from '../http/call-api.ts'
import type { Unanswered } from '../send/result-without-answer.ts'

/** Slack's own Web API. */
export const defaultApiRoot = 'https://slack.com/api'

/** A message that was sent is answered with a copy of itself. */
const maxAnswerBytes = 256 * 1024

/** A call of a method of the Web API, or a post to a response url, which needs no token. */
export interface SlackCall {
  readonly url: string
  readonly token: string | undefined
  readonly body: unknown
}

/** Calls Slack; never rejects. */
export function callSlack(
  { url, token, body }: SlackCall,
  network: NetworkOptions,
): Promise<{ answer: Answer } | { result: Unanswered }> {
  return callApi(
    {
      url,
      body: JSON.stringify(body, (_name, value) =>
        typeof value === 'string' ? value.toWellFormed() : value,
      ),
      // Slack warns of JSON without a charset.
      contentType: 'application/json; charset=utf-8',
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
      maxAnswerBytes,
    },
    network,
  )
}
