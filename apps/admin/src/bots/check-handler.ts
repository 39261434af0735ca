import { createHandlerStore, liveHandlers } from '@botyard/control-database'
import { UnknownHandlerError } from '../errors.ts'
import type { BotAdminDeps } from './bot-admin-deps.ts'

/** What to answer if no live worker has a handler: its updates would wait for nobody. */
export async function checkHandler(
  deps: Pick<BotAdminDeps, 'db' | 'redis' | 'logger'>,
  name: string,
): Promise<UnknownHandlerError | undefined> {
  const known = await knownHandlers(deps)
  return known.includes(name) ? undefined : new UnknownHandlerError(name, known)
}

/**
 * Those that live workers have; while Redis is away all that were ever reported, as nobody knows who lives.
 */
async function knownHandlers({
  db,
  redis,
  logger,
}: Pick<BotAdminDeps, 'db' | 'redis' | 'logger'>): Promise<string[]> {
  try {
    return [...(await liveHandlers(redis)).keys()].sort()
  } catch (err) {
    logger.warn({ err }, 'live handlers unknown')
    return (await createHandlerStore(db).list()).map(handler => handler.name)
  }
}
