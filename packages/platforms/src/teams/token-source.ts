import type { TokenSource } from '../jwt/access-tokens.ts'
import type { TeamsCredentials } from './credentials.ts'

/** Microsoft's own. */
const LOGIN_URL = 'https://login.microsoftonline.com'

/** The tenant of tokens for apps of many tenants. */
const MULTI_TENANT = 'botframework.com'

const SCOPE = 'https://api.botframework.com/.default'

/** Where the app's tokens come from: client credentials, for about an hour. */
export function tokenSourceOf({
  appId,
  appPassword,
  tenantId = MULTI_TENANT,
  loginUrl = LOGIN_URL,
}: TeamsCredentials): TokenSource {
  return {
    url: `${loginUrl.replace(/\/+$/, '')}/${tenantId}/oauth2/v2.0/token`,
    identity: `${appId}\n${appPassword}`,
    form: () => ({
      grant_type: 'client_credentials',
      client_id: appId,
      client_secret: appPassword,
      scope: SCOPE,
    }),
  }
}
