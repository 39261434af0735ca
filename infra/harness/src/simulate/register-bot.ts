import { randomBytes } from 'node:crypto'
import { UnreachableError } from '../shared/errors.ts'
import type { RunningSystem } from './running-system.ts'

const timeoutMs = 10_000

/** What to do without the code that the simulation needs. */
export const noHandler =
  'No worker has the handler echo, which the simulation talks to: start Botyard without BOTS_DIR, or copy packages/example-bots/src/echo.ts into that folder.'

/** A bot of ours in the running system. */
export interface RegisteredBot {
  readonly id: string
  /** Where its platform calls, at the gateway of this run whatever public name the system goes by. */
  readonly webhookUrl: string
  /** Whether a live worker has its handler; true too if nobody can tell. */
  hasHandler(): Promise<boolean>
  /** The same under the system's public name. */
  readonly publicUrl: string
  remove(): Promise<void>
}

/** The bot's code: it replies what it is sent. */
const handler = 'echo'

/**
 * Adds an echo bot of its own through the admin API; throws {@link UnreachableError} when that or the gateway
 * fails.
 */
export async function registerBot(
  run: RunningSystem,
  platform: string,
  credentials: object,
): Promise<RegisteredBot> {
  const id = `simulate-${randomBytes(4).toString('hex')}`
  const answer = await call(run, 'POST', '/api/v1/bots', { id, platform, handler, credentials })
  const { webhookUrl: publicUrl } = (await answer.json()) as { webhookUrl: string }
  const remove = async () => void (await call(run, 'DELETE', `/api/v1/bots/${id}`))
  const hasHandler = async () => {
    const shown = await call(run, 'GET', `/api/v1/bots/${id}`).catch(() => undefined)
    const bot = (await shown?.json()) as { health?: { reason?: string } } | undefined
    return bot?.health?.reason !== 'WRK_HANDLER_MISSING'
  }
  try {
    await reach(run.gatewayUrl, { method: 'GET' })
  } catch (error) {
    await remove()
    throw error
  }
  return {
    id,
    hasHandler,
    webhookUrl: new URL(new URL(publicUrl).pathname, run.gatewayUrl).href,
    publicUrl,
    remove,
  }
}

async function call(run: RunningSystem, method: string, path: string, body?: object): Promise<Response> {
  const answer = await reach(new URL(path, run.adminUrl).href, {
    method,
    headers: {
      authorization: `Bearer ${run.adminToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (answer.ok) return answer
  const text = await answer.text()
  if (text.includes('ADM_UNKNOWN_HANDLER')) throw new UnreachableError(noHandler)
  throw new UnreachableError(`The admin API refused ${method} ${path}: ${answer.status} ${text}`)
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) })
  } catch (cause) {
    throw new UnreachableError(
      `Nothing answers at ${new URL(url).origin}. Start the system with: npm start`,
      { cause },
    )
  }
}
