import type { ShardPoolSettings } from '../pool/shard-pool-settings.ts'
import { MoveRefusedError } from './errors.ts'

/** The settings of a url's query that libpq knows by the same name. */
const taken = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslpassword', 'channel_binding', 'gssencmode']

/**
 * The source as the target's server connects to it: all its hosts, of which libpq takes the primary. The
 * addresses are those of the configuration, so the servers of the shards must reach each other by them. Holds
 * the password; Postgres shows it to superusers only.
 */
export function replicationAddress(
  shard: string,
  hosts: readonly string[],
  { name, tls }: { name: string; tls: ShardPoolSettings['tls'] },
): string {
  const urls = hosts.map(host => new URL(host))
  const same = (part: (url: URL) => string) => new Set(urls.map(part)).size === 1
  if (!same(url => `${url.username}:${url.password}${url.pathname}`)) {
    throw new MoveRefusedError([
      `the hosts of ${shard} differ in user, password or database, which replication cannot use`,
    ])
  }
  const [url] = urls as [URL]
  const of = (parameter: string) => url.searchParams.get(parameter) ?? undefined
  const settings: Record<string, string | undefined> = {
    host: urls
      .map(each => decodeURIComponent(each.hostname).replace(/^\[|\]$/g, '') || each.searchParams.get('host'))
      .join(','),
    port: urls.map(each => each.port || '5432').join(','),
    dbname: decodeURIComponent(url.pathname.slice(1)),
    user: decodeURIComponent(url.username) || undefined,
    password: decodeURIComponent(url.password) || undefined,
    application_name: name,
    connect_timeout: '5',
    target_session_attrs: 'read-write',
    ...Object.fromEntries(taken.map(parameter => [parameter, of(parameter)])),
    // node-postgres's own word for encryption without a check.
    ...(of('sslmode') === 'no-verify' && { sslmode: 'require' }),
    ...(tls !== undefined && { sslmode: sslmodeOf(tls) }),
  }
  return Object.entries(settings)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}='${value.replace(/[\\']/g, '\\$&')}'`]))
    .join(' ')
}

/**
 * Which authority the source's certificate is checked by is the target server's matter (sslrootcert in the
 * url).
 */
function sslmodeOf(tls: NonNullable<ShardPoolSettings['tls']> | false): string {
  if (tls === false) return 'disable'
  return tls.rejectUnauthorized === false ? 'require' : 'verify-full'
}
