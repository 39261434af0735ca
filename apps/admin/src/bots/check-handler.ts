import { createHandlerStore } from '@botyard/control-database'
import { UnknownHandlerError } from '../errors.ts'
import type { BotAdminDeps } from './bot-admin-deps.ts'

/** Refuses a handler that no worker has reported: its updates would wait for nobody. */
export async function checkHandler({ db }: Pick<BotAdminDeps, 'db'>, name: string): Promise<void> {
  const handlers = createHandlerStore(db)
  if (await handlers.exists(name)) return
  const known = await handlers.list()
  throw new UnknownHandlerError(
    name,
    known.map(handler => handler.name),
  )
}
