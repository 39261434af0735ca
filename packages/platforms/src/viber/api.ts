import type { NetworkOptions } from '../adapter.ts'
import { callApi } from '../http/call-api.ts'
import type { ViberCredentials } from './credentials.ts'

/** Viber's own API. */
const defaultApiRoot = 'https://chatapi.viber.com/pa'

/** Calls a method of the REST Bot API; never rejects. */
export function callViber(
  method: 'send_message' | 'set_webhook' | 'get_account_info',
  body: object,
  { authToken, apiRoot = defaultApiRoot }: ViberCredentials,
  network: NetworkOptions,
) {
  return callApi(
    {
      url: `${apiRoot.replace(/\/+$/, '')}/${method}`,
      headers: { 'x-viber-auth-token': authToken },
      body: JSON.stringify(body),
    },
    network,
  )
}
