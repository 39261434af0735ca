import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { readConfig } from '@botyard/service-kit'
import { Type } from 'typebox'
import { CliNoConnectionError } from './errors.ts'

const repository = resolve(import.meta.dirname, '..', '..', '..')

const configSchema = Type.Object({
  BOTYARD_ADMIN_URL: Type.Optional(
    Type.String({ pattern: '^https?://', description: 'The admin API, http(s)://.' }),
  ),
  BOTYARD_ADMIN_TOKEN: Type.Optional(
    Type.String({ minLength: 1, description: 'A bearer token of the admin API.' }),
  ),
  BOTYARD_DIR: Type.String({
    default: '.botyard',
    description: 'The state folder of the local stack; relative to the repository.',
  }),
})

/** Where the admin API is and with which token, each from the first that says it. */
export interface Connection {
  readonly url: string
  readonly token: string
}

/**
 * Finds the admin API: options, then the environment, then the local stack's `run.json`. The stack's token is
 * used for the stack's own url only. Throws {@link CliNoConnectionError}, or `ConfigError` for a malformed
 * variable.
 */
export function findConnection(
  options: { url?: string; token?: string },
  env: NodeJS.ProcessEnv,
): Connection {
  const config = readConfig(configSchema, env)
  const runFile = join(resolve(repository, config.BOTYARD_DIR.replace(/^~(?=\/)/, homedir())), 'run.json')
  const run = readRun(runFile)
  const url = options.url ?? config.BOTYARD_ADMIN_URL ?? run?.adminUrl
  const token =
    options.token ?? config.BOTYARD_ADMIN_TOKEN ?? (url === run?.adminUrl ? run?.adminToken : undefined)
  if (url === undefined) {
    throw new CliNoConnectionError(
      `Which admin API? Give --url or BOTYARD_ADMIN_URL, or start Botyard here (npm start): there is no ${runFile}.`,
    )
  }
  const problem = urlProblem(url)
  if (problem !== undefined) {
    throw new CliNoConnectionError(`The url of the admin API (--url or BOTYARD_ADMIN_URL) ${problem}.`)
  }
  if (token === undefined) {
    throw new CliNoConnectionError(
      `No token for ${url}: give --token or BOTYARD_ADMIN_TOKEN. npm run issue-token prints one.`,
    )
  }
  return { url, token }
}

function readRun(file: string): { adminUrl: string; adminToken: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { adminUrl: string; adminToken: string }
  } catch {
    return undefined
  }
}

/** What is wrong with the url, without any of it. */
function urlProblem(text: string): string | undefined {
  if (!/^https?:\/\//.test(text)) return 'must begin with http:// or https://'
  if (/[\s#?]/.test(text)) return 'holds a space, # or ?: it is only scheme, host and port'
  if (!URL.canParse(text)) return 'has a host or port that cannot be read; an IPv6 address stands in brackets'
  const { username, password } = new URL(text)
  return username || password ? 'holds a user or password: the token says who you are' : undefined
}
