import dns from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector, type Dispatcher } from 'undici'
import { createAddressRules } from './address-rules.ts'
import { TargetRefusedError } from './errors.ts'
import { loadHttpParser } from './load-http-parser.ts'

/** Keeps what operators and bots configure (apiRoot, replyUrl) from reaching into the private network. */
export interface TargetGuard {
  /**
   * Refuses with {@link TargetRefusedError}; for a sentence when an address is set, as `dispatcher` checks by
   * itself.
   */
  check(url: string): Promise<void>
  /**
   * For undici's `request`, which follows no redirect. Every connection is checked after name resolution, by
   * the very addresses it is then made to, so a name that resolves differently from one call to the next
   * gains nothing.
   */
  readonly dispatcher: Dispatcher
}

/** Time to make a connection, TLS included, in ms. */
const connectTimeoutMs = 5_000

/** Most connections to one host. */
const connections = 256

/**
 * Makes a guard; `allow` are addresses and CIDR ranges from `ALLOW_PRIVATE_TARGETS`, `lookup` is for tests.
 */
export function createTargetGuard({
  allow,
  lookup = dns.lookup,
}: {
  allow: readonly string[]
  lookup?: LookupFunction
}): TargetGuard {
  loadHttpParser()
  const isAllowed = createAddressRules(allow)

  const guardedLookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      const reachable = (addresses as dns.LookupAddress[]).filter(({ address }) => isAllowed(address))
      const [first] = reachable
      if (first === undefined) return callback(new TargetRefusedError(hostname, 'private'), '')
      return options.all ? callback(null, reachable) : callback(null, first.address, first.family)
    })
  }

  const connect = buildConnector({ lookup: guardedLookup, timeout: connectTimeoutMs })
  const dispatcher = new Agent({
    connections,
    connect(options, callback) {
      // Nothing is resolved, and so no lookup asked, for a host that is an address already.
      const host = withoutBrackets(options.hostname)
      if (isIP(host) && !isAllowed(host)) return callback(new TargetRefusedError(host, 'private'), null)
      return connect(options, callback)
    },
  })

  return {
    dispatcher,
    async check(url) {
      const target = URL.parse(url)
      if (target === null) throw new TargetRefusedError('', 'malformed')
      // The url parser has turned decimal, octal and hexadecimal IPv4 forms into dotted ones by now.
      const host = withoutBrackets(target.hostname)
      if (target.protocol !== 'https:' && target.protocol !== 'http:')
        throw new TargetRefusedError(host, 'scheme')
      if (isIP(host)) {
        if (!isAllowed(host)) throw new TargetRefusedError(host, 'private')
        return
      }
      await new Promise<void>((resolve, reject) => {
        guardedLookup(host, { all: true }, error => {
          if (error === null) resolve()
          else if (error instanceof TargetRefusedError) reject(error)
          else reject(new TargetRefusedError(host, 'unresolved', { cause: error }))
        })
      })
    },
  }
}

function withoutBrackets(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
}
