import fp from 'fastify-plugin'
import { createNaming, type Naming } from '../naming.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Keyed names of chats, users and updates. */
    naming: Naming
  }
}

/** The names of chats and users, by `NAMING_KEY` in base64. */
export default fp<{ readonly key: string }>(
  async function naming(app, { key }) {
    app.decorate('naming', createNaming(Buffer.from(key, 'base64')))
  },
  { name: 'naming', fastify: '5.x' },
)
