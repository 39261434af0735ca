import type { Platform } from '@botyard/queue-contracts'
import { TargetRefusedError } from '@botyard/service-kit'
import { CredentialsTargetError, InvalidRequestError, invalidRequest } from '../errors.ts'
import type { Problem } from '../find-problems.ts'
import type { BotAdminDeps } from './bot-admin-deps.ts'
import { problemsOfShape } from './check-credentials.ts'
import { checkHandler } from './check-handler.ts'

type CheckDeps = Pick<BotAdminDeps, 'adapters' | 'db' | 'logger' | 'redis' | 'security' | 'targets'>

/** What somebody says of a bot, as it came. */
export interface BotClaim {
  readonly id: string
  readonly platform: unknown
  readonly body: unknown
  /** What the validator found in the body; its own parts are checked nevertheless. */
  readonly refused: Error | undefined
  /** The credentials are to take the place of others. */
  readonly isPatch: boolean
}

/**
 * Refuses a bot with all that is wrong with it at once: body, credentials of the platform, handler; then
 * addresses that bots may not call.
 */
export async function checkBot(
  deps: CheckDeps,
  { id, platform, body, refused, isPatch }: BotClaim,
): Promise<void> {
  if (refused !== undefined && !(refused instanceof InvalidRequestError)) throw refused
  const { credentials, handler } = (body ?? {}) as { credentials?: unknown; handler?: unknown }
  const known = Object.hasOwn(deps.adapters, String(platform))
    ? deps.adapters[platform as Platform]
    : undefined

  const problems: Problem[] = [...(refused?.problems ?? [])]
  if (known !== undefined && typeof credentials === 'object' && credentials !== null)
    problems.push(...problemsOfShape(known.credentials, credentials, { isPatch }))
  const isSaid = typeof handler === 'string' && !problems.some(({ path }) => path === '/handler')
  const unknownHandler = isSaid ? await checkHandler(deps, handler) : undefined
  if (problems.length > 0)
    throw invalidRequest([
      ...problems,
      ...(unknownHandler ? [{ ...unknownHandler, message: unknownHandler.message }] : []),
    ])
  if (unknownHandler) throw unknownHandler
  if (credentials === undefined || known === undefined) return

  for (const target of known.targets(credentials)) {
    try {
      await deps.targets.check(target)
    } catch (error) {
      if (!(error instanceof TargetRefusedError)) throw error
      deps.security('security.target_refused', {
        bot: id,
        platform: String(platform),
        host: error.host,
        reason: error.reason,
      })
      throw new CredentialsTargetError(error.message)
    }
  }
}
