import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { TObject } from 'typebox'
import { followSecretFiles, replaceKeys, type SecretChange } from '../follow-secret-files.ts'

/**
 * Which variables come from files, and what takes their new values over; the keyring's are taken over by
 * themselves.
 */
export interface SecretFilesOptions {
  readonly schema: TObject
  /** Paths by variable, as `secretFilesOf` tells. */
  readonly files: Readonly<Record<string, string>>
  readonly apply?: Readonly<Record<string, (value: never) => SecretChange | undefined>>
  readonly logger: Logger
  readonly registry: Registry
}

/** Follows the files of secrets while the app runs; every change is a security event. */
export default fp<SecretFilesOptions>(
  async function secretFiles(app, { apply = {}, ...options }) {
    const following = followSecretFiles({
      ...options,
      apply: { KEYRING: replaceKeys(app.keyring), ...apply } as Record<
        string,
        (value: unknown) => SecretChange | undefined
      >,
      onChange: (variable, change) => app.security('security.key_changed', { variable, ...change }),
    })
    app.addHook('onClose', () => following.close())
  },
  { name: 'secret-files', fastify: '5.x', dependencies: ['keyring', 'security-events'] },
)
