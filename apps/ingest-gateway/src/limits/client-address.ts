import { normalizeIP } from '@fastify/rate-limit'

const mostKnown = 10_000
const known = new Map<string, string>()

/**
 * The address that a caller is counted under: IPv4 as it is (also when mapped into IPv6), of IPv6 the /64, since whoever
 * has one address there has them all. Parsing an IPv6 address costs microseconds, so the last few thousand are kept.
 */
export function clientAddress(ip: string): string {
  if (!ip.includes(':')) return ip
  const cached = known.get(ip)
  if (cached !== undefined) return cached
  const address = normalizeIP(ip, 64)
  if (known.size >= mostKnown) known.clear()
  known.set(ip, address)
  return address
}
