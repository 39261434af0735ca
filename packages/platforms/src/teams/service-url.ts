import { cloudOf, isMicrosoftHost } from './cloud.ts'
import type { TeamsCredentials } from './credentials.ts'

/**
 * Where a conversation's messages are sent, without a slash at the end; undefined if that is no address to
 * trust. Messages that answer nothing (broadcasts) have none, so they go to the one that the cloud has for
 * all of its regions. A token sent to others than Microsoft's hosts would be given away.
 */
export function serviceUrlOf(
  given: string | undefined,
  credentials: Pick<TeamsCredentials, 'apiRoot' | 'cloud' | 'openIdUrl' | 'loginUrl'>,
): string | undefined {
  if (credentials.apiRoot !== undefined) return withoutSlash(credentials.apiRoot)
  if (given === undefined) return cloudOf(credentials).serviceUrl
  if (!URL.canParse(given)) return undefined
  const { protocol, hostname, port, username, password, search, hash, origin, pathname } = new URL(given)
  const plain = protocol === 'https:' && port === '' && username + password + search + hash === ''
  return plain && isMicrosoftHost(hostname) ? withoutSlash(origin + pathname) : undefined
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
