import type { Platform } from '@botyard/queue-contracts'
import { TargetRefusedError } from '@botyard/service-kit'
import type { TSchema } from 'typebox'
import { Check, Errors } from 'typebox/value'
import { CredentialsTargetError, InvalidRequestError } from '../errors.ts'
import { firstProblem } from '../first-problem.ts'
import type { BotAdminDeps } from './bot-admin-deps.ts'

/** Refuses credentials that do not fit the platform, or that name an address which bots may not call. */
export async function checkCredentials(
  { adapters, targets, security }: Pick<BotAdminDeps, 'adapters' | 'targets' | 'security'>,
  bot: string,
  platform: Platform,
  credentials: unknown,
): Promise<void> {
  const adapter = adapters[platform]
  checkShape(adapter.credentials, credentials)
  for (const target of adapter.targets(credentials)) {
    try {
      await targets.check(target)
    } catch (error) {
      if (!(error instanceof TargetRefusedError)) throw error
      security('security.target_refused', { bot, platform, host: error.host, reason: error.reason })
      throw new CredentialsTargetError(error.message)
    }
  }
}

/** Refuses what does not fit a schema, with the path of what is wrong. */
export function checkShape(schema: TSchema, value: unknown, at = '/credentials'): void {
  if (Check(schema, value)) return
  const { path, message } = firstProblem(schema, Errors(schema, value), at)
  throw new InvalidRequestError(path, message)
}
