import type { SendResult } from './send-result.ts'

/** The result of a message that is refused here, before the platform is asked; `why` is for the log. */
export function notSent(why: string): Extract<SendResult, { status: 'failed' }> {
  return { status: 'failed', blame: 'message', reason: `not sent: ${why}`, shown: false }
}
