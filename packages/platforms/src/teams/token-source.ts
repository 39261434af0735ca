import type { TokenSource } from '../jwt/access-tokens.ts'
import { cloudOf } from './cloud.ts'
import type { TeamsCredentials } from './credentials.ts'

/**
 * Where the app's tokens come from: client credentials, for about an hour; `serviceUrl` is where the token
 * will be sent.
 */
export function tokenSourceOf(credentials: TeamsCredentials, serviceUrl?: string): TokenSource {
  const cloud = cloudOf(credentials, serviceUrl)
  const { appId, appPassword, tenantId = cloud.tenant, loginUrl = cloud.loginUrl } = credentials
  return {
    url: `${loginUrl.replace(/\/+$/, '')}/${tenantId}/oauth2/v2.0/token`,
    identity: `${appId}\n${appPassword}\n${cloud.scope}`,
    form: () => ({
      grant_type: 'client_credentials',
      client_id: appId,
      client_secret: appPassword,
      scope: cloud.scope,
    }),
  }
}
