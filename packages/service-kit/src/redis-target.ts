import { readFileSync } from 'node:fs'

/** Where a Redis is, as its url says. */
export interface RedisTarget {
  /** One server; a primary that sentinels name; a cluster. */
  readonly kind: 'single' | 'sentinel' | 'cluster'
  /** The server, the sentinels, or the nodes of the cluster that are asked first. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[]
  readonly username: string | undefined
  readonly password: string | undefined
  readonly db: number
  /** What the sentinels call the primary. */
  readonly primary: string | undefined
  /** The sentinels' own user. */
  readonly sentinelUsername: string | undefined
  readonly sentinelPassword: string | undefined
  readonly tls: RedisTls | undefined
  /** 4 or 6: which addresses of a name are used. */
  readonly family: number | undefined
}

/** What Node's TLS is given; the names of files stand in the url. */
export interface RedisTls {
  readonly ca?: Buffer
  readonly cert?: Buffer
  readonly key?: Buffer
  readonly servername?: string
}

/** The schemes of urls; with `rediss` everything is TLS, the sentinels too. */
export const redisSchemes = [
  ...['redis', 'rediss', 'redis+sentinel', 'rediss+sentinel', 'redis+cluster', 'rediss+cluster'],
]

const files = { sslrootcert: 'ca', sslcert: 'cert', sslkey: 'key' } as const
const tlsSettings = [...Object.keys(files), 'servername']
const sentinelSettings = ['sentinelUsername', 'sentinelPassword']
const families = ['4', '6']

const defaultPorts = { single: 6379, sentinel: 26379, cluster: 6379 }

/** Reads a url that {@link redisTargetProblem} has nothing to say about; throws if a file has gone since. */
export function readRedisTarget(url: string): RedisTarget {
  const { scheme, user, hosts, path, settings } = takeApart(url)
  const kind = kindOf(scheme)
  const [first = '', second = ''] = path
  const db = kind === 'sentinel' ? second : first
  const text = (name: string) => settings.get(name) ?? undefined
  return {
    kind,
    hosts: hosts.map(host => readHost(host, defaultPorts[kind])),
    username: user.name,
    password: user.password,
    db: Number(db),
    primary: kind === 'sentinel' ? decodeURIComponent(first) : undefined,
    sentinelUsername: text('sentinelUsername'),
    sentinelPassword: text('sentinelPassword'),
    tls: isTls(scheme) ? readTls(settings) : undefined,
    family: settings.has('family') ? Number(settings.get('family')) : undefined,
  }
}

/** What is wrong with such a url beyond what any url can have, without a part of it. */
export function redisTargetProblem(url: string): string | undefined {
  const { scheme, hosts, path, settings } = takeApart(url)
  const kind = kindOf(scheme)
  if (hosts.some(host => host === '' || host.startsWith(':'))) return 'names no host'
  const [first, second] = path
  if (kind === 'sentinel') {
    if (!first) return 'does not say what the sentinels call the primary: …:26379/<name>'
    if (path.length > 2 || !/^\d*$/.test(second ?? ''))
      return 'has a path that is no name of a primary and number of a database: …:26379/<name>/0'
  } else if (path.length > 1 || !/^\d*$/.test(first ?? '')) {
    return 'has a path that is no number of a database: …:6379/0'
  }
  if (kind === 'cluster' && Number(first ?? 0) !== 0) return 'names a database: a cluster has none but 0'
  return settingProblem(kind, isTls(scheme), settings)
}

function settingProblem(
  kind: RedisTarget['kind'],
  tls: boolean,
  settings: URLSearchParams,
): string | undefined {
  const known = ['family', ...(tls ? tlsSettings : []), ...(kind === 'sentinel' ? sentinelSettings : [])]
  const unknown = [...settings.keys()].find(name => !known.includes(name))
  if (unknown !== undefined) {
    if (tlsSettings.includes(unknown)) return 'has settings of TLS without TLS: begin with rediss'
    return `has an unknown setting behind its ?: known are ${known.join(', ')} (in user and password encode ? as %3F)`
  }
  if (settings.has('family') && !families.includes(settings.get('family')!))
    return 'has a family that is neither 4 nor 6'
  if (settings.has('sslcert') !== settings.has('sslkey'))
    return 'names one of sslcert and sslkey: a certificate needs its key'
  try {
    readTls(settings)
    return undefined
  } catch (error) {
    const { code } = error as { code?: string }
    return `names a file in ${Object.keys(files).join(', ')} that cannot be read (${code})`
  }
}

function readTls(settings: URLSearchParams): RedisTls {
  const servername = settings.get('servername')
  const read = Object.entries(files).flatMap(([setting, name]) => {
    const file = settings.get(setting)
    return file === null ? [] : [[name, readFileSync(file)]]
  })
  return { ...Object.fromEntries(read), ...(servername !== null && { servername }) }
}

interface Parts {
  readonly scheme: string
  readonly user: { readonly name: string | undefined; readonly password: string | undefined }
  readonly hosts: readonly string[]
  readonly path: readonly string[]
  readonly settings: URLSearchParams
}

/** No url of the standard names several hosts. */
function takeApart(url: string): Parts {
  const [, scheme = '', authority = '', path = '', query = ''] =
    /^([a-z+]+):\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/is.exec(url) ?? []
  const at = authority.lastIndexOf('@')
  const [name, ...password] = at < 0 ? [] : authority.slice(0, at).split(':')
  return {
    scheme: scheme.toLowerCase(),
    user: { name: decoded(name), password: decoded(password.join(':')) },
    hosts: authority.slice(at + 1).split(','),
    path: path.replace(/\/$/, '') === '' ? [] : path.replace(/\/$/, '').split('/'),
    settings: new URLSearchParams(query),
  }
}

const decoded = (text: string | undefined) => (text ? decodeURIComponent(text) : undefined)
const isTls = (scheme: string) => scheme.startsWith('rediss')

function kindOf(scheme: string): RedisTarget['kind'] {
  const kind = scheme.split('+')[1]
  return kind === 'sentinel' || kind === 'cluster' ? kind : 'single'
}

function readHost(text: string, defaultPort: number): { host: string; port: number } {
  const { hostname, port } = new URL(`redis://${text}`)
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: port === '' ? defaultPort : Number(port) }
}
