import type { SendOptions } from '../adapter.ts'
import { type Answer, callApi } from '../http/call-api.ts'
import { idAt, jsonOf, valueAt } from '../json/value-at.ts'
import type { SendResult } from '../send/send-result.ts'

/** The version that is called unless the credentials name another. */
const defaultVersion = 'v25.0'

/** A message for the Graph API: `POST {root}/{version}/{node}/messages`. */
export interface GraphCall {
  readonly apiRoot: string
  readonly apiVersion: string | undefined
  /** The page, account or phone number that speaks; `me` is the token's own. */
  readonly node: string
  readonly token: string
  readonly body: object
}

/** Posts a message; the token goes in a header, as urls end up in logs. */
export function postMessage(
  { apiRoot, apiVersion = defaultVersion, node, token, body }: GraphCall,
  options: SendOptions,
) {
  return callApi(
    {
      url: `${apiRoot.replace(/\/+$/, '')}/${apiVersion}/${encodeURIComponent(node)}/messages`,
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    },
    options,
  )
}

/** What a 2xx without an error came to; `path` is where the product tells the message's id. */
export function acceptedResult(status: number, body: unknown, ...path: readonly string[]): SendResult {
  if (typeof body !== 'object' || body === null) {
    return { status: 'uncertain', reason: `answered ${status}, but not as the Graph API does` }
  }
  const messageId = idAt(body, ...path)
  return { status: 'sent', ...(messageId !== undefined && { messageId }) }
}

/**
 * How long a business use case is out of calls, in ms: the header names minutes, per account and kind of
 * call.
 */
export function regainAccessMs({ headers }: Pick<Answer, 'headers'>): number | undefined {
  const usage = jsonOf(headers['x-business-use-case-usage'] ?? '')
  if (typeof usage !== 'object' || usage === null) return undefined
  const minutes = Object.values(usage)
    .flat()
    .map(use => Number(valueAt(use, 'estimated_time_to_regain_access')))
    .filter(value => value > 0)
  return minutes.length === 0 ? undefined : Math.min(Math.max(...minutes), 24 * 60) * 60_000
}
