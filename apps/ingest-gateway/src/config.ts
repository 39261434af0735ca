import {
  controlDatabaseConfig,
  loggerConfig,
  publicConfig,
  readConfig as read,
  redisConfig,
  secretFilesOf,
  secretsConfig,
  targetsConfig,
} from '@botyard/service-kit'
import { processesConfig } from '@botyard/service-kit/cluster'
import { memoryConfig } from '@botyard/service-kit/pressure'
import { tracingConfig } from '@botyard/service-kit/tracing'
import { type Static, Type } from 'typebox'

const port = { minimum: 1, maximum: 65_535 }

/** Well within the tightest platform's patience (LINE, 2 s, from its side). */
const storeTimeoutMs = 1_800
/** How long an update may wait for those before it, in ms: its script has as long again. */
export const storeWaitMs = storeTimeoutMs / 2

/** Every variable of the gateway. */
export const configSchema = Type.Object({
  GATEWAY_HOST: Type.String({ default: '0.0.0.0', description: 'The address the gateway listens on.' }),
  GATEWAY_PORT: Type.Integer({
    ...port,
    default: 8080,
    description: 'The port that platforms call, through your proxy.',
  }),
  GATEWAY_OPS_HOST: Type.String({
    default: '127.0.0.1',
    description:
      'The address that the ops routes listen on; in a container 0.0.0.0, behind a port that is not public.',
  }),
  GATEWAY_OPS_PORT: Type.Integer({
    ...port,
    default: 9101,
    description: 'The port of /live, /ready and /metrics; never public.',
  }),
  MAX_BODY_BYTES: Type.Integer({
    minimum: 1024,
    maximum: 64 * 1024 * 1024,
    default: 26 * 1024 * 1024,
    description: 'The largest body of a call; a platform whose own bound is lower (most: 1 MiB) keeps that.',
  }),
  MAX_BYTES_IN_FLIGHT: Type.Integer({
    minimum: 1024 * 1024,
    default: 64 * 1024 * 1024,
    description:
      'Bytes of bodies that a gateway reads and handles at once; beyond it calls are answered 503 before they are read. Bodies of more than 64 KiB get two thirds of it at most. Divided among PROCESSES, but each has room for a body of MAX_BODY_BYTES.',
  }),
  MAX_BYTES_IN_FLIGHT_PER_ADDRESS: Type.Integer({
    minimum: 64 * 1024,
    default: 32 * 1024 * 1024,
    description:
      'The same of one address (of IPv6, one /64); beyond it 429. A body that is larger than this cannot be received. Divided in the same way.',
  }),
  MAX_CONNECTIONS: Type.Integer({
    minimum: 1,
    default: 10_000,
    description:
      'Connections that a gateway keeps open; it needs as many file descriptors (ulimit -n) and some more. Divided among PROCESSES.',
  }),
  MAX_CONNECTIONS_PER_ADDRESS: Type.Integer({
    minimum: 1,
    default: 2_000,
    description:
      'Connections of one address (of IPv6, one /64). Behind a proxy of TRUST_PROXY: calls under way of one client. Divided among PROCESSES.',
  }),
  KEEP_ALIVE_SECONDS: Type.Integer({
    minimum: 1,
    maximum: 86_400,
    default: 620,
    description:
      'How long an idle connection is kept. Longer than your load balancer keeps it (AWS 60 s, GCP 600 s, Envoy an hour), or it sends calls on connections that just closed.',
  }),
  IP_LIMIT_PER_MINUTE: Type.Integer({
    minimum: 1,
    default: 600_000,
    description:
      'Calls a minute from one address (of IPv6, one /64), over all gateways. Platforms call from few addresses.',
  }),
  IP_FAILURES_PER_MINUTE: Type.Integer({
    minimum: 1,
    default: 120,
    description:
      'Calls a minute of one bot from one address that fail verification, over all gateways; beyond it such calls are answered 429 and cut off. A genuine call is never refused for it.',
  }),
  MAX_EVENT_LOOP_DELAY_MS: Type.Integer({
    minimum: 0,
    maximum: 60_000,
    default: 500,
    description:
      'How late the event loop may run, on average of a second, before calls that the platform sends again are answered 503; beyond four times as much all are. 0: never.',
  }),
  USER_LIMIT_PER_SECOND: Type.Number({
    exclusiveMinimum: 0,
    default: 50,
    description:
      "Updates a second that one user of a bot may send for good, unless the bot's settings.userLimit says otherwise. The excess is accepted and handled later. Counted per partition of the queues.",
  }),
  USER_LIMIT_BURST: Type.Integer({
    minimum: 1,
    default: 500,
    description: 'Updates that one user of a bot may send at once.',
  }),
  MAX_BACKLOG_UPDATES: Type.Integer({
    minimum: 1,
    default: 1_000_000,
    description:
      'Waiting updates of a bot in a partition of the queues beyond which it gets 503, unless its settings.maxBacklog says otherwise.',
  }),
  MAX_BACKLOG_BYTES: Type.Integer({
    minimum: 1,
    default: 1024 ** 3,
    description: 'Waiting bytes of a bot in a partition of the queues beyond which it gets 503.',
  }),
  ...memoryConfig,
  ...processesConfig,
  ...tracingConfig,
  ...publicConfig,
  ...redisConfig,
  ...secretsConfig,
  ...targetsConfig,
  ...controlDatabaseConfig,
  ...loggerConfig,
})
export type Config = Readonly<Static<typeof configSchema>>

/** Reads the gateway's configuration; throws `ConfigError` listing every problem. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return read(configSchema, env)
}

/** How updates are stored, by the main path and by the thread for large calls. */
export function intakeOptions(config: Config) {
  return {
    userLimit: { perSecond: config.USER_LIMIT_PER_SECOND, burst: config.USER_LIMIT_BURST },
    maxBacklog: { updates: config.MAX_BACKLOG_UPDATES, bytes: config.MAX_BACKLOG_BYTES },
    timeoutMs: storeTimeoutMs,
    partitions: config.QUEUE_PARTITIONS,
  }
}

/** The files that the gateway's variables are read from, by variable. */
export function readSecretFiles(env: NodeJS.ProcessEnv = process.env): Readonly<Record<string, string>> {
  return secretFilesOf(configSchema, env)
}
