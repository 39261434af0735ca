import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartupError } from '../errors.ts'
import { writePrivateFile } from './private-file.ts'

/** The secrets of a local stack; every one is a file of its name, so that the apps read it by `NAME_FILE`. */
const makers = {
  KEYRING: () => keySet('k1'),
  NAMING_KEY: () => randomBytes(32).toString('base64'),
  JWT_KEYS: () => keySet('a1'),
  REDIS_PASSWORD: urlSafe,
  POSTGRES_PASSWORD: urlSafe,
  POSTGRES_APPS_PASSWORD: urlSafe,
  WEBHOOK_SECRET: urlSafe,
  BOT_TOKEN: () =>
    `${100_000_000 + (randomBytes(4).readUInt32BE() % 900_000_000)}:${randomBytes(27).toString('base64url').slice(0, 35)}`,
} as const

/** A secret's name. */
export type SecretName = keyof typeof makers

/**
 * All secrets of a folder, made where they are missing; throws a `StartupError` if one is empty or
 * unreadable.
 */
export function prepareSecrets(folder: string): Readonly<Record<SecretName, string>> {
  const secrets: Partial<Record<SecretName, string>> = {}
  for (const name of Object.keys(makers) as SecretName[])
    secrets[name] = prepareSecret(join(folder, name), makers[name])
  return secrets as Record<SecretName, string>
}

function prepareSecret(file: string, make: () => string): string {
  if (!existsSync(file)) writePrivateFile(file, make())
  let value = ''
  try {
    value = readFileSync(file, 'utf8').trim()
  } catch {
    // Said below.
  }
  if (value) return value
  throw new StartupError(
    `The secret ${file} cannot be read or is empty.`,
    'Put it back from a copy, or begin anew, which deletes all local data: npm start -- --reset',
  )
}

function keySet(id: string): string {
  return JSON.stringify({ active: id, keys: { [id]: randomBytes(32).toString('base64') } })
}

function urlSafe(): string {
  return randomBytes(24).toString('base64url')
}
