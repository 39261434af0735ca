import type { TeamsCredentials } from './credentials.ts'

/** The one for all regions, for messages that answer nothing (broadcasts): Teams' documentation of proactive messages. */
const GLOBAL_SERVICE_URL = 'https://smba.trafficmanager.net/teams'

/** The hosts of the Bot Connector, the clouds of governments included. A token sent elsewhere would be given away. */
const hosts =
  /^(?:smba\.trafficmanager\.net|smba\.infra\.gcc\.teams\.microsoft\.com|smba\.infra\.(?:gov|dod)\.teams\.microsoft\.us|(?:[a-z0-9-]+\.)+botframework\.(?:com|azure\.us))$/

/** Where a conversation's messages are sent, without a slash at the end; undefined if that is no address to trust. */
export function serviceUrlOf(
  given: string | undefined,
  { apiRoot }: Pick<TeamsCredentials, 'apiRoot'>,
): string | undefined {
  if (apiRoot !== undefined) return withoutSlash(apiRoot)
  if (given === undefined) return GLOBAL_SERVICE_URL
  if (!URL.canParse(given)) return undefined
  const { protocol, hostname, port, username, password, search, hash, origin, pathname } = new URL(given)
  const plain = protocol === 'https:' && port === '' && username + password + search + hash === ''
  return plain && hosts.test(hostname) ? withoutSlash(origin + pathname) : undefined
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
