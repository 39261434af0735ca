import ipaddr from 'ipaddr.js'
import { RecentMap } from './recent-map.ts'

/**
 * Behind a proxy the same few thousand clients call again and again, and an address takes microseconds to
 * parse.
 */
const maxKnown = 10_000
/** A chain of proxies is short; what stands further in front is not looked at. */
const maxChainCharacters = 200

/** Whose call it is, by the peer of its connection and the `x-forwarded-for` header. */
export interface ClientAddresses {
  /**
   * The client's address: the last one in the chain that no trusted proxy has. Anything that is no address
   * ends the chain.
   */
  of(peer: string | undefined, forwarded: string | string[] | undefined): string
  /** Whether the other end of a connection is a trusted proxy, so that the connection is not one client's. */
  isTrusted(peer: string | undefined): boolean
}

/**
 * Reads client addresses; `trusted` are addresses and CIDR ranges of proxies. Each proxy appends whom it was
 * called by, some with a port (Azure) or in brackets. Anything but an address was not written by a proxy that
 * can be trusted in this, so the proxy itself is counted: a text that the caller chooses would be a new
 * client with every call.
 */
export function createClientAddresses(trusted: readonly string[]): ClientAddresses {
  const ranges = trusted.map(range => (range.includes('/') ? ipaddr.parseCIDR(range) : wholeOf(range)))
  const known = new RecentMap<string>(maxKnown)

  function isProxy(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
    return ranges.some(
      ([range, bits]) => address.kind() === range.kind() && address.match([range, bits] as never),
    )
  }

  function follow(peer: string, forwarded: string): string {
    let address = parseAddress(peer)
    if (!address) return peer
    const hops = forwarded.split(',')
    while (isProxy(address)) {
      const before = parseAddress(hops.pop() ?? '')
      if (!before) break
      address = before
    }
    return address.toString()
  }

  return {
    of(peer = '', forwarded = '') {
      if (ranges.length === 0 && !peer.startsWith('::ffff:')) return peer
      const chain = typeof forwarded === 'string' ? forwarded : forwarded.join(',')
      const recent = lastWhole(chain)
      const key = `${peer} ${recent}`
      const seen = known.get(key)
      if (seen !== undefined) return seen
      const found = follow(peer, recent)
      known.set(key, found)
      return found
    },
    isTrusted(peer = '') {
      if (ranges.length === 0) return false
      const address = parseAddress(peer)
      return address !== undefined && isProxy(address)
    },
  }
}

/** The end of a chain, without the entry that the cut would go through. */
function lastWhole(chain: string): string {
  if (chain.length <= maxChainCharacters) return chain
  const end = chain.slice(-maxChainCharacters)
  const comma = end.indexOf(',')
  return comma < 0 ? '' : end.slice(comma + 1)
}

/**
 * An address as a proxy writes it: with a port, in brackets, IPv4 mapped into IPv6. Undefined if it is none.
 */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const trimmed = text.trim()
  const bare =
    /^"?\[([^\]]*)\](?::\d{1,5})?"?$/.exec(trimmed)?.[1] ??
    /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(trimmed)?.[1] ??
    trimmed
  if (bare.includes('%')) return undefined
  const isDotted = ipaddr.IPv4.isValidFourPartDecimal(bare)
  return isDotted || ipaddr.IPv6.isValid(bare) ? ipaddr.process(bare) : undefined
}

function wholeOf(address: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const parsed = ipaddr.process(address)
  return [parsed, parsed.kind() === 'ipv4' ? 32 : 128]
}
