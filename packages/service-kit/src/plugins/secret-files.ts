import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { TObject } from 'typebox'
import { type FollowSecretFilesOptions, followSecretFiles, replaceKeys } from '../follow-secret-files.ts'

/** Which variables come from files, and what takes their new values over; the keyring's are taken over by themselves. */
export interface SecretFilesOptions<T extends TObject = TObject> {
  readonly schema: T
  /** Paths by variable, as `secretFilesOf` tells. */
  readonly files: Readonly<Record<string, string>>
  readonly apply?: FollowSecretFilesOptions<T>['apply']
  readonly logger: Logger
  readonly registry: Registry
}

/** Follows the files of secrets while the app runs; every change is a security event. */
export default fp<SecretFilesOptions>(
  async function secretFiles(app, { apply = {}, ...options }) {
    const following = followSecretFiles({
      ...options,
      apply: { KEYRING: replaceKeys(app.keyring), ...apply } as FollowSecretFilesOptions<TObject>['apply'],
      onChange: (variable, change) => app.security('security.key_changed', { variable, ...change }),
    })
    app.addHook('onClose', () => following.close())
  },
  { name: 'secret-files', fastify: '5.x', dependencies: ['keyring', 'security-events'] },
)
