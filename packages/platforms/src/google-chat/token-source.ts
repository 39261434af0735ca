import { importPKCS8, SignJWT } from 'jose'
import type { TokenSource } from '../jwt/access-tokens.ts'
import type { GoogleChatCredentials } from './credentials.ts'

const tokenUrl = 'https://oauth2.googleapis.com/token'
const scope = 'https://www.googleapis.com/auth/chat.bot'

/**
 * Where a service account's tokens come from: an assertion that its own key signed (RFC 7523), good for an
 * hour at most.
 */
export function tokenSourceOf(
  account: NonNullable<GoogleChatCredentials['serviceAccount']>,
  url: string = tokenUrl,
): TokenSource {
  const { client_email, private_key } = account
  return {
    url,
    identity: `${client_email}\n${private_key}`,
    form: async () => {
      const key = await importPKCS8(private_key, 'RS256')
      const assertion = await new SignJWT({ scope })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
        .setIssuer(client_email)
        .setAudience(url)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(key)
      return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }
    },
  }
}
