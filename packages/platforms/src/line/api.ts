import type { NetworkOptions } from '../adapter.ts'
import { type ApiCall, callApi } from '../http/call-api.ts'
import type { LineCredentials } from './credentials.ts'

/** LINE's own API. */
const defaultApiRoot = 'https://api.line.me'

/** A call of the Messaging API. */
export interface LineCall {
  readonly method?: ApiCall['method'] & string
  readonly path: string
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** Calls the Messaging API with the channel's token; never rejects. */
export function callLine(
  { method = 'POST', path, body, headers }: LineCall,
  { channelAccessToken, apiRoot = defaultApiRoot }: LineCredentials,
  network: NetworkOptions,
) {
  return callApi(
    {
      method,
      url: apiRoot.replace(/\/+$/, '') + path,
      headers: { authorization: `Bearer ${channelAccessToken}`, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    },
    network,
  )
}
