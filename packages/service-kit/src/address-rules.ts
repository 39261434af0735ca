import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js'

type Range = [IPv4 | IPv6, number]

const globalIpv6 = ipaddr.parseCIDR('2000::/3')
const nat64 = ipaddr.parseCIDR('64:ff9b::/96')

/** Public by its number, yet it is the metadata and DNS service of every Azure machine. */
const azureWireServer = '168.63.129.16'

/**
 * Says of an IP address in text whether bots may call it: globally routable unicast only, by the registries
 * of RFC 6890, or within one of the `allow`ed addresses and CIDR ranges. An IPv6 address that carries an IPv4
 * one (mapped, NAT64) is judged by that.
 */
export function createAddressRules(allow: readonly string[]): (address: string) => boolean {
  const allowed = allow.map(parseRange)
  return text => {
    if (!ipaddr.isValid(text)) return false
    const address = carried(ipaddr.process(text))
    return isPublic(address) || allowed.some(range => contains(range, address))
  }
}

function parseRange(text: string): Range {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  const address = ipaddr.parse(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

function carried(address: IPv4 | IPv6): IPv4 | IPv6 {
  return contains(nat64, address) ? ipaddr.fromByteArray(address.toByteArray().slice(12)) : address
}

function isPublic(address: IPv4 | IPv6): boolean {
  if (address.range() !== 'unicast' || address.toString() === azureWireServer) return false
  // The library calls unicast whatever it has no range for, ::127.0.0.1 included.
  return address.kind() === 'ipv4' || contains(globalIpv6, address)
}

/** `match` throws when the kinds differ. */
function contains(range: Range, address: IPv4 | IPv6): boolean {
  return range[0].kind() === address.kind() && address.match(range as [IPv4, number] & [IPv6, number])
}
