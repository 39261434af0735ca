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
import { type Static, Type } from 'typebox'

const port = { minimum: 1, maximum: 65_535 }

/** Every variable of the gateway. */
export const configSchema = Type.Object({
  GATEWAY_HOST: Type.String({ default: '0.0.0.0', description: 'The address the gateway listens on.' }),
  GATEWAY_PORT: Type.Integer({
    ...port,
    default: 8080,
    description: 'The port that platforms call, through your proxy.',
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
  USER_LIMIT_PER_SECOND: Type.Number({
    exclusiveMinimum: 0,
    default: 50,
    description:
      "Updates a second that one user of a bot may send for good, unless the bot's settings.userLimit says otherwise. The excess is accepted and handled later. Counted per queue shard.",
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
      'Waiting updates of a bot on a queue shard beyond which it gets 503, unless its settings.maxBacklog says otherwise.',
  }),
  MAX_BACKLOG_BYTES: Type.Integer({
    minimum: 1,
    default: 1024 ** 3,
    description: 'Waiting bytes of a bot on a queue shard beyond which it gets 503.',
  }),
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

/** The files that the gateway's variables are read from, by variable. */
export function readSecretFiles(env: NodeJS.ProcessEnv = process.env): Readonly<Record<string, string>> {
  return secretFilesOf(configSchema, env)
}
