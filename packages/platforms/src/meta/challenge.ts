import type { WebhookRequest, WebhookResponse } from '../adapter.ts'
import { sameSecret } from '../verify/constant-time.ts'

/**
 * Meta sends a number; whatever else it may once send must be plain and short, as it is given back to the
 * caller.
 */
const challenge = /^[\x21-\x7e]{1,1024}$/

/** Three short parameters; anybody may call, and a query is decoded before it proves anything. */
const maxUrlCharacters = 2048

/**
 * Answers Meta's `GET ?hub.mode=subscribe&hub.verify_token=…&hub.challenge=…` with the challenge, if the
 * token is ours.
 */
export function answerChallenge(
  { url }: Pick<WebhookRequest, 'url'>,
  { verifyToken }: { readonly verifyToken: string },
): WebhookResponse | undefined {
  if (url.length > maxUrlCharacters || !URL.canParse(url)) return undefined
  const query = new URL(url).searchParams
  const body = query.get('hub.challenge') ?? ''
  if (query.get('hub.mode') !== 'subscribe' || !challenge.test(body)) return undefined
  if (!sameSecret(query.get('hub.verify_token') ?? '', verifyToken)) return undefined
  return { status: 200, contentType: 'text/plain', body }
}
