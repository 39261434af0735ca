import { StartupError } from './startup-error.ts'

/** How to reach the admin API. */
export interface AdminAccess {
  readonly url: string
  readonly token: string
}

/** What the example bots share: a Bot API of the local stack, and what stands before their webhooks. */
export interface ExampleCredentials {
  readonly token: string
  readonly webhookSecret: string
  readonly apiRoot: string
}

/** The example bots: Telegram bots whose Telegram is the stack itself. Each is named after its handler in apps/worker/src/bots. */
export const exampleBots = ['echo', 'oracle'] as const

/** Registers an example bot, or gives it this run's credentials if it is registered already. */
export async function registerExampleBot(
  admin: AdminAccess,
  id: string,
  credentials: ExampleCredentials,
): Promise<void> {
  const existing = await call(admin, 'GET', `/api/v1/bots/${id}`)
  const answer =
    existing.status === 404
      ? await call(admin, 'POST', '/api/v1/bots', { id, platform: 'telegram', handler: id, credentials })
      : await call(admin, 'PATCH', `/api/v1/bots/${id}`, { credentials })
  if (answer.ok) return
  throw new StartupError(
    `The example bot ${id} could not be registered: ${answer.status} ${await answer.text()}`,
    `The admin's log may say more. If you have changed that bot yourself: delete it, and the next start makes it anew.`,
  )
}

async function call({ url, token }: AdminAccess, method: string, path: string, body?: object): Promise<Response> {
  return await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(15_000),
  })
}
