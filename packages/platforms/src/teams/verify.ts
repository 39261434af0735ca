import type { NetworkOptions, VerifyResult, WebhookRequest } from '../adapter.ts'
import { jsonOf, textAt } from '../json/value-at.ts'
import { bearerToken, verifyJwt } from '../jwt/verify-jwt.ts'
import { cloudOf, knownCloudOf, knownIssuers } from './cloud.ts'
import type { TeamsCredentials } from './credentials.ts'

const algorithms = ['RS256', 'RS384', 'RS512']

/**
 * Checks the token that the Bot Connector sends: signed by its keys for this app, for the service url that
 * the activity names, by a key that may sign for the activity's channel
 * (https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication).
 */
export async function verifyTeams(
  request: WebhookRequest,
  credentials: Pick<TeamsCredentials, 'appId' | 'cloud' | 'openIdUrl' | 'loginUrl'>,
  network: NetworkOptions,
): Promise<VerifyResult> {
  const bearer = bearerToken(request)
  if (!('token' in bearer)) return bearer
  const cloud = knownCloudOf(credentials)
  const expected = {
    keys: { url: credentials.openIdUrl ?? cloudOf(credentials).openIdUrl, openId: true },
    algorithms,
    // It is the keys that prove who signed; where they are the operator's own, the cloud may be any.
    issuers: cloud === undefined ? knownIssuers : [cloud.issuer],
    audiences: [credentials.appId],
  }
  const result = await verifyJwt(bearer.token, expected, request.receivedAtMs, network)
  if (!result.genuine) return result

  const activity = jsonOf(request.body.toString())
  const serviceUrl = textAt(activity, 'serviceUrl')
  if (serviceUrl === undefined || result.claims.serviceurl !== serviceUrl) {
    return { genuine: false, reason: 'mismatch' }
  }
  const { endorsements = [] } = result.key
  const channel = textAt(activity, 'channelId')
  const endorsed = endorsements.length === 0 || (channel !== undefined && endorsements.includes(channel))
  return endorsed ? { genuine: true } : { genuine: false, reason: 'mismatch' }
}
