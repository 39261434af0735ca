import fp from 'fastify-plugin'
import type { KeySet } from '../key-set.ts'
import { createKeyring, type LiveKeyring } from '../keyring.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Seals and opens all that is encrypted. */
    keyring: LiveKeyring
  }
}

/** The keyring; its keys are exchanged by `secret-files` while the app runs. */
export default fp<{ readonly keys: KeySet }>(
  async function keyring(app, { keys }) {
    app.decorate('keyring', createKeyring(keys))
  },
  { name: 'keyring', fastify: '5.x' },
)
