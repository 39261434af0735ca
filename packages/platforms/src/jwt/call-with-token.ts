import type { NetworkOptions } from '../adapter.ts'
import { type Answer, type ApiCall, callApi } from '../http/call-api.ts'
import type { SendResult } from '../send/send-result.ts'
import { accessToken, forgetToken, type TokenSource } from './access-tokens.ts'

/**
 * Calls an API with an access token. A token from memory that is refused may have been withdrawn, so the call
 * is made once more with a new one: a 401 that comes back is about the bot. Never rejects.
 */
export async function callWithToken(
  call: ApiCall,
  source: TokenSource,
  network: NetworkOptions,
): Promise<{ answer: Answer } | { result: SendResult }> {
  const held = await accessToken(source, network)
  if ('result' in held) return held
  const first = await callAs(call, held.token, network)
  if (held.fresh || !('answer' in first) || first.answer.status !== 401) return first
  forgetToken(source, held.token)
  const renewed = await accessToken(source, network)
  return 'result' in renewed ? renewed : callAs(call, renewed.token, network)
}

function callAs(call: ApiCall, token: string, network: NetworkOptions) {
  return callApi({ ...call, headers: { ...call.headers, authorization: `Bearer ${token}` } }, network)
}
