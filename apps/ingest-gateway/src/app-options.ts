import { processCount, shareOf } from '@botyard/service-kit/cluster'
import { memoryBound } from '@botyard/service-kit/pressure'
import type { AppOptions } from './app.ts'
import { type Config, intakeOptions } from './config.ts'

/**
 * What the app is built with. Limits that are set for the gateway are divided among its processes; but each
 * of them must be able to take the largest body, of which large ones get two thirds of the room.
 */
export function appOptions(config: Config): AppOptions {
  const processes = processCount(config.PROCESSES)
  const bytes = (limit: number, least: number) =>
    Math.min(limit, Math.max(shareOf(limit, processes), Math.ceil(least)))
  return {
    publicUrl: config.PUBLIC_URL,
    trustProxy: config.TRUST_PROXY,
    maxBodyBytes: config.MAX_BODY_BYTES,
    ipLimitPerMinute: config.IP_LIMIT_PER_MINUTE,
    ipFailuresPerMinute: config.IP_FAILURES_PER_MINUTE,
    maxBytesInFlight: bytes(config.MAX_BYTES_IN_FLIGHT, config.MAX_BODY_BYTES * 1.5),
    maxBytesInFlightPerAddress: bytes(config.MAX_BYTES_IN_FLIGHT_PER_ADDRESS, config.MAX_BODY_BYTES),
    maxConnections: shareOf(config.MAX_CONNECTIONS, processes),
    maxConnectionsPerAddress: shareOf(config.MAX_CONNECTIONS_PER_ADDRESS, processes),
    pressure: {
      ...(config.MAX_EVENT_LOOP_DELAY_MS > 0 && { maxDelayMs: config.MAX_EVENT_LOOP_DELAY_MS }),
      maxMemoryBytes: memoryBound(config.MAX_MEMORY_MB, processes),
    },
    keepAliveMs: config.KEEP_ALIVE_SECONDS * 1000,
    ...intakeOptions(config),
  }
}
