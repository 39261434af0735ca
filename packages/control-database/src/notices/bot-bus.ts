import { busPrefix } from '@botyard/queue-contracts'
import type { NoticeBus } from './notice-bus.ts'

/** How bot directories hear of changed bots. */
export const botBus: NoticeBus = {
  channel: `${busPrefix}:bots`,
  membersKey: `${busPrefix}:directory:members`,
  appliedPrefix: `${busPrefix}:directory:applied:`,
}
