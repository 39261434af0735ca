import ipaddr from 'ipaddr.js'
import { RecentMap } from './recent-map.ts'

/** Of IPv6 the first half is the network, which belongs to one customer. */
const networkParts = 4
const known = new RecentMap<string>(10_000)

/**
 * The address that a caller is counted under: IPv4 as it is (also when mapped into IPv6), of IPv6 the /64,
 * since a subscriber that has one address there has them all. Parsing an IPv6 address costs microseconds, so
 * the last few thousand are kept.
 */
export function countedAddress(ip: string): string {
  if (!ip.includes(':')) return ip
  const recent = known.get(ip)
  if (recent !== undefined) return recent
  const address = groupOf(ip)
  known.set(ip, address)
  return address
}

function groupOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip
  const address = ipaddr.process(ip)
  if (!(address instanceof ipaddr.IPv6)) return address.toString()
  return `${address.parts
    .slice(0, networkParts)
    .map(part => part.toString(16))
    .join(':')}::/64`
}
