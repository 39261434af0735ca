import { StartupError } from '../errors.ts'

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

/** A bot as the admin API shows it, as far as it matters here. */
export interface KnownBot {
  readonly id: string
  readonly platform: string
  readonly handler: string
}

/** What there is to try in this run. */
export interface Examples {
  /** The example bots that are registered: none where the code is the user's own. */
  readonly bots: readonly string[]
  /** All handlers that the worker has. */
  readonly handlers: readonly string[]
  /** All bots, the user's own among them. */
  readonly known: readonly KnownBot[]
}

/**
 * Telegram bots whose Telegram is the stack itself. Each is named after its handler in packages/example-bots.
 */
const exampleBots = ['echo', 'oracle', 'support', 'diary']

/**
 * Registers the example bots, or gives them this run's credentials, if the worker runs the examples' own
 * code. With code of the user's a bot of such a name may be theirs, with the credentials of a real one; so
 * may any bot that is on another platform or runs other code.
 */
export async function prepareExamples(
  admin: AdminAccess,
  credentials: ExampleCredentials,
  { ownCode }: { ownCode: boolean },
): Promise<Examples> {
  const [handlers, known] = [await workerHandlers(admin), await listBots(admin)]
  const isOurs = (id: string) => {
    const bot = known.find(one => one.id === id)
    return bot === undefined || (bot.platform === 'telegram' && bot.handler === id)
  }
  const bots = ownCode ? [] : exampleBots.filter(id => handlers.includes(id) && isOurs(id))
  const isKnown = (id: string) => known.some(one => one.id === id)
  for (const id of bots) await register(admin, id, { exists: isKnown(id), credentials })
  return { bots, handlers, known }
}

/**
 * The handlers of this run's worker. The admin API lists all that were ever reported; a worker reports its
 * own at its start, in one statement and so with one time, and ours was the last to start.
 */
async function workerHandlers(admin: AdminAccess): Promise<string[]> {
  const { handlers } = await list<{ handlers: { name: string; reportedAt: string }[] }>(admin, 'handlers')
  const last = Math.max(...handlers.map(({ reportedAt }) => Date.parse(reportedAt)))
  return handlers.filter(({ reportedAt }) => Date.parse(reportedAt) === last).map(({ name }) => name)
}

async function listBots(admin: AdminAccess): Promise<KnownBot[]> {
  return (await list<{ bots: KnownBot[] }>(admin, 'bots')).bots
}

async function list<T>(admin: AdminAccess, what: string): Promise<T> {
  const answer = await call(admin, 'GET', `/api/v1/${what}`)
  if (answer.ok) return (await answer.json()) as T
  throw new StartupError(
    `The admin API does not list the ${what}: ${answer.status} ${await answer.text()}`,
    "The admin's log may say more.",
  )
}

async function register(
  admin: AdminAccess,
  id: string,
  { exists, credentials }: { exists: boolean; credentials: ExampleCredentials },
): Promise<void> {
  const answer = exists
    ? await call(admin, 'PATCH', `/api/v1/bots/${id}`, { credentials })
    : await call(admin, 'POST', '/api/v1/bots', { id, platform: 'telegram', handler: id, credentials })
  if (answer.ok) return
  throw new StartupError(
    `The example bot ${id} could not be registered: ${answer.status} ${await answer.text()}`,
    `The admin's log may say more. If you have changed that bot yourself: delete it, and the next start makes it anew.`,
  )
}

async function call(
  { url, token }: AdminAccess,
  method: string,
  path: string,
  body?: object,
): Promise<Response> {
  return await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(15_000),
  })
}
