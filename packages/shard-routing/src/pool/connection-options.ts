import type { OpenSockets } from '@botyard/service-kit'
import type pg from 'pg'
import { parseIntoClientConfig } from 'pg-connection-string'
import type { ShardPoolSettings } from './shard-pool-settings.ts'

/** The options that a pool's connections and its probes share. */
export function connectionOptions(
  url: string,
  settings: Pick<ShardPoolSettings, 'tls'>,
  sockets: OpenSockets,
): pg.ClientConfig {
  return {
    ...parseIntoClientConfig(url),
    ...(settings.tls !== undefined && { ssl: settings.tls }),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'botyard',
    stream: sockets.create,
  } as pg.ClientConfig
}
