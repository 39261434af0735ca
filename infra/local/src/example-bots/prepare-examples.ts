import { StartupError } from '../startup-error.ts'

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

/** What there is to try in this run. */
export interface Examples {
  /** The example bots that are registered: those whose code the worker has, which with `BOTS_DIR` may be none. */
  readonly bots: readonly string[]
  /** All handlers that the worker has. */
  readonly handlers: readonly string[]
  /** Whether `trialBot` is registered, by an earlier run perhaps. */
  readonly trialExists: boolean
}

/** Telegram bots whose Telegram is the stack itself. Each is named after its handler in packages/example-bots. */
const exampleBots = ['echo', 'oracle', 'support', 'diary']

/** The id of the bot that the ready screen has the user add where no example bot can run: never a bot of theirs. */
export const trialBot = 'trial'

/** Registers the example bots that the worker has the code of, or gives them this run's credentials. */
export async function prepareExamples(admin: AdminAccess, credentials: ExampleCredentials): Promise<Examples> {
  const handlers = await workerHandlers(admin)
  const bots = exampleBots.filter(id => handlers.includes(id))
  for (const id of bots) await register(admin, id, credentials)
  return { bots, handlers, trialExists: await isRegistered(admin, trialBot) }
}

/**
 * The handlers of this run's worker. The admin API lists all that were ever reported; a worker reports its own at its start,
 * in one statement and so with one time, and ours was the last to start.
 */
async function workerHandlers(admin: AdminAccess): Promise<string[]> {
  const answer = await call(admin, 'GET', '/api/v1/handlers')
  if (!answer.ok) {
    throw new StartupError(
      `The admin API does not list the handlers: ${answer.status} ${await answer.text()}`,
      "The admin's log may say more.",
    )
  }
  const { handlers } = (await answer.json()) as { handlers: { name: string; reportedAt: string }[] }
  const last = Math.max(...handlers.map(({ reportedAt }) => Date.parse(reportedAt)))
  return handlers.filter(({ reportedAt }) => Date.parse(reportedAt) === last).map(({ name }) => name)
}

async function register(admin: AdminAccess, id: string, credentials: ExampleCredentials): Promise<void> {
  const answer = (await isRegistered(admin, id))
    ? await call(admin, 'PATCH', `/api/v1/bots/${id}`, { credentials })
    : await call(admin, 'POST', '/api/v1/bots', { id, platform: 'telegram', handler: id, credentials })
  if (answer.ok) return
  throw new StartupError(
    `The example bot ${id} could not be registered: ${answer.status} ${await answer.text()}`,
    `The admin's log may say more. If you have changed that bot yourself: delete it, and the next start makes it anew.`,
  )
}

async function isRegistered(admin: AdminAccess, id: string): Promise<boolean> {
  return (await call(admin, 'GET', `/api/v1/bots/${id}`)).status !== 404
}

async function call({ url, token }: AdminAccess, method: string, path: string, body?: object): Promise<Response> {
  return await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(15_000),
  })
}
