import type { NetworkOptions, VerifyResult, WebhookRequest } from '../adapter.ts'
import { bearerToken, type ExpectedToken, unprovenClaims, verifyJwt } from '../jwt/verify-jwt.ts'
import type { GoogleChatCredentials } from './credentials.ts'

/**
 * The account that Chat calls as, and its certificates
 * (https://developers.google.com/workspace/chat/verify-requests-from-chat).
 */
const chat = 'chat@system.gserviceaccount.com'
const defaultCertsUrl = `https://www.googleapis.com/service_accounts/v1/metadata/x509/${chat}`

/** Google's OpenID provider: https://accounts.google.com/.well-known/openid-configuration. */
const google = ['https://accounts.google.com', 'accounts.google.com']
const defaultJwksUrl = 'https://www.googleapis.com/oauth2/v3/certs'

/**
 * Checks the token of a call: signed by Chat itself for the project's number, or by Google for the endpoint's
 * url on behalf of Chat or of another account that the operator named (an add-on's, a Pub/Sub push's).
 */
export async function verifyGoogleChat(
  request: WebhookRequest,
  credentials: GoogleChatCredentials,
  network: NetworkOptions,
): Promise<VerifyResult> {
  const bearer = bearerToken(request)
  if (!('token' in bearer)) return bearer
  const claims = unprovenClaims(bearer.token)
  if (!claims) return { genuine: false, reason: 'malformed' }
  const isUrl = credentials.audience.startsWith('https://')
  const bySelf = claims.iss === chat && !isUrl
  const expected = bySelf ? expectedOfChat(credentials) : expectedOfGoogle(credentials, request.url, isUrl)
  const result = await verifyJwt(bearer.token, expected, request.receivedAtMs, network)
  if (!result.genuine) return result
  if (bySelf) return { genuine: true }

  const { email, email_verified } = result.claims
  const callers = [...(isUrl ? [chat] : []), ...(credentials.callers ?? [])]
  const known = typeof email === 'string' && email_verified === true && callers.includes(email)
  return known ? { genuine: true } : { genuine: false, reason: 'mismatch' }
}

function expectedOfChat({ audience, certsUrl = defaultCertsUrl }: GoogleChatCredentials): ExpectedToken {
  return {
    keys: { url: certsUrl, openId: false },
    algorithms: ['RS256'],
    issuers: [chat],
    audiences: [audience],
  }
}

/** A push subscription's tokens are for its endpoint unless it says otherwise: the url that was called. */
function expectedOfGoogle(
  { audience, jwksUrl = defaultJwksUrl }: GoogleChatCredentials,
  url: string,
  isUrl: boolean,
): ExpectedToken {
  const audiences = isUrl ? [audience, url] : [url]
  return { keys: { url: jwksUrl, openId: false }, algorithms: ['RS256'], issuers: google, audiences }
}
