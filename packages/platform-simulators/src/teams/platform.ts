import { randomUUID } from 'node:crypto'
import { createAccessTokens } from '../simulator/access-tokens.ts'
import {
  type ApiReply,
  type ApiRequest,
  formBody,
  jsonBody,
  textIn,
  throttled,
} from '../simulator/api-server.ts'
import { delaysOf, type PlatformDefinition } from '../simulator/definition.ts'
import { hexDigits } from '../simulator/ids.ts'
import { jsonCall } from '../simulator/json-call.ts'
import { createSigningKey } from '../simulator/signing-key.ts'
import { createSlidingWindows } from '../simulator/sliding-windows.ts'
import { activityOf, botFrameworkIssuer, placeOf, serviceUrlOf, tenantOf, tenantOfPlace } from './activity.ts'

/**
 * Teams by the Bot Connector: tokens signed by its own keys, published as an OpenID document; per
 * conversation 7 messages in 1 s, 8 in 2 s, 60 in 30 s, 1,800 in an hour, and 30 a second in a tenant. It
 * names no Retry-After.
 */
export function createPlatform(): PlatformDefinition {
  const appId = randomUUID()
  const appPassword = hexDigits(40)
  const key = createSigningKey()
  const tokens = createAccessTokens()
  const ofConversation = createSlidingWindows(
    { count: 7, ms: 1_000 },
    { count: 8, ms: 2_000 },
    { count: 60, ms: 30_000 },
    { count: 1_800, ms: 3_600_000 },
  )
  const ofTenant = createSlidingWindows({ count: 30, ms: 1_000 })
  let sent = 0

  const login = (request: ApiRequest): ApiReply => {
    const form = formBody(request)
    const isApp = form.get('client_id') === appId && form.get('client_secret') === appPassword
    const isForBots = form.get('scope') === 'https://api.botframework.com/.default'
    if (isApp && isForBots && form.get('grant_type') === 'client_credentials') return tokens.issue()
    return {
      status: 401,
      body: { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret.' },
    }
  }

  const post = (request: ApiRequest, place: string): ApiReply => {
    if (!tokens.isGood(request)) return failed(401, 'Unauthorized')
    const tenant = tenantOfPlace(place)
    const body = jsonBody(request)
    const text = textIn(body, 'text')
    if (tenant === undefined) return failed(404, 'ConversationNotFound')
    if (textIn(body, 'type') !== 'message' || text === undefined || text === '')
      return failed(400, 'BadSyntax')
    for (const room of [ofConversation.take(place, request.atMs), ofTenant.take(tenant, request.atMs)]) {
      if ('waitMs' in room) return throttled(failed(429, 'TooManyRequests'))
    }
    return { status: 201, body: { id: String(1_800_000_000_000 + ++sent) }, shown: { place, text } }
  }

  return {
    credentials: url => ({
      appId,
      appPassword,
      openIdUrl: `${url}/openid`,
      loginUrl: url,
      apiRoot: `${url}/teams`,
    }),
    wrongCredentials: url => ({
      appId,
      appPassword: 'no',
      openIdUrl: `${url}/openid`,
      loginUrl: url,
      apiRoot: `${url}/teams`,
    }),
    placeOf,
    call({ said: [said] }) {
      const serviceurl = serviceUrlOf(tenantOf(said.chat))
      const token = key.token({ serviceurl, iss: botFrameworkIssuer, aud: appId })
      return jsonCall(activityOf(said, appId), () => ({ authorization: `Bearer ${token}` }))
    },
    accepts: ({ status }) => status === 200 || status === 202,
    // Nothing is published; one more try at once is what has been seen.
    retryDelaySeconds: delaysOf(0),
    allowance: { perChat: { burst: 6, perSecond: 0.9 } },
    api(request) {
      const { method, path, origin } = request
      if (path === '/openid')
        return { status: 200, body: { issuer: botFrameworkIssuer, jwks_uri: `${origin}/keys` } }
      if (path === '/keys')
        return { status: 200, body: { keys: [{ ...key.jwk, endorsements: ['msteams', 'webchat'] }] } }
      if (method === 'POST' && path === '/botframework.com/oauth2/v2.0/token') return login(request)
      const [, place] = /^\/teams\/v3\/conversations\/([^/]+)\/activities$/.exec(path) ?? []
      return method === 'POST' && place !== undefined
        ? post(request, decodeURIComponent(place))
        : failed(404, 'NotFound')
    },
  }
}

function failed(status: number, code: string): ApiReply {
  return { status, body: { error: { code, message: code } } }
}
