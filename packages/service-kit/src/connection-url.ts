import { parseIntoClientConfig } from 'pg-connection-string'
import { redisSchemes, redisTargetProblem } from './redis-target.ts'

/** The values of `sslmode` that node-postgres knows. */
const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify']

/**
 * What is wrong with a url of Postgres, as a phrase that goes after its name and never holds any of it;
 * `undefined` if node-postgres will read it as it is meant. An url that is only half wrong is the worst: it
 * parses, and another host is asked for ever.
 */
export function postgresUrlProblem(text: string): string | undefined {
  // As node-postgres does with a socket's folder in ?host=.
  const url = text.replace(/@\/(?=[^@]*[?&]host=)/, '@socket/')
  return ambiguity(url, ['postgres', 'postgresql']) ?? postgresProblem(url)
}

/** The same of a url of Redis; the primary of sentinels and a cluster have several hosts. */
export function redisUrlProblem(text: string): string | undefined {
  return ambiguity(text, redisSchemes) ?? redisTargetProblem(text)
}

/**
 * `name:port` of a url of Postgres, for logs and metrics: without user and password, and for whatever was
 * stored once.
 */
export function postgresHostLabel(text: string): string {
  try {
    const { hostname, port, searchParams } = new URL(text)
    return `${hostname || searchParams.get('host') || 'localhost'}:${port || '5432'}`
  } catch {
    return 'malformed url'
  }
}

/** What cuts a url elsewhere than its author thinks. */
function ambiguity(text: string, schemes: readonly string[]): string | undefined {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text) ?? []
  if (rest === undefined || !schemes.includes(scheme!.toLowerCase())) {
    return `must begin with ${schemes.map(each => `${each}://`).join(' or ')} (within a list a comma in a password is %2C)`
  }
  if (/[\s\p{Cc}]/u.test(rest)) return 'holds a space or line break: remove it, or encode a space as %20'
  if (rest.includes('#')) return 'holds a #: in user and password encode it as %23'
  if (/%(?![0-9a-f]{2})/i.test(rest))
    return 'holds a % that encodes nothing: in user and password encode it as %25'
  const authority = /^[^/?]*/.exec(rest)![0]
  if (rest.lastIndexOf('@') > authority.length) {
    return 'has an @ after its host: in user and password encode / as %2F, ? as %3F and @ as %40'
  }
  const at = authority.lastIndexOf('@') + 1
  const hosts = authority.slice(at).split(',')
  if (hosts.length > 1 && !scheme!.includes('+')) return 'names several hosts: a url names one'
  for (const host of hosts) {
    if (/:.*:/.test(host.replace(/^\[[^\]]*\]/, '')))
      return 'has an IPv6 address without brackets: write [::1]'
  }
  const eachHost = hosts.map(host => unparsable(text.replace(authority, authority.slice(0, at) + host)))
  return undecodable(authority) ?? eachHost.find(problem => problem !== undefined)
}

function undecodable(authority: string): string | undefined {
  try {
    decodeURIComponent(authority)
    return undefined
  } catch {
    return 'has a %-sequence in user or password that is no UTF-8'
  }
}

function unparsable(text: string): string | undefined {
  try {
    new URL(text)
    return undefined
  } catch {
    return 'has a host or port that cannot be read: in user and password encode : as %3A, / as %2F, ? as %3F, @ as %40'
  }
}

function postgresProblem(text: string): string | undefined {
  const { hostname, pathname, searchParams } = new URL(text)
  if (hostname === '' && !searchParams.has('host')) return 'names no host'
  if (pathname === '' || pathname === '/') return 'names no database: …:5432/<database>'
  const mode = searchParams.get('sslmode')
  if (mode !== null && !sslModes.includes(mode))
    return `has an unknown sslmode: known are ${sslModes.join(', ')}`
  try {
    parseIntoClientConfig(text)
    return undefined
  } catch (error) {
    const { code } = error as { code?: string }
    if (code !== undefined)
      return `names a file in sslrootcert, sslcert or sslkey that cannot be read (${code})`
    return 'has settings that do not fit each other: sslmode=verify-ca with uselibpqcompat needs sslrootcert'
  }
}
