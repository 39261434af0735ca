import type { Bot } from '@botyard/control-database'
import type { Limit, PlatformAdapter } from '@botyard/platforms'
import type { OutboundMessage } from '@botyard/queue-contracts'
import { paceEvenly } from './pace-evenly.ts'

/** A limit that makes messages wait for their slots. */
export type Rate = Extract<Limit, { kind: 'rate' }>

/**
 * The rates that all messages of a broadcast wait for, whatever their recipient: those that two of its
 * recipients share.
 */
export function ratesOfBot(
  adapter: Pick<PlatformAdapter, 'limits'>,
  bot: Bot,
  messages: readonly [OutboundMessage, OutboundMessage],
): readonly Rate[] {
  const [first, second] = messages.map(message =>
    paceEvenly(adapter.limits?.(message, bot.credentials, bot.settings.limits ?? {}, true) ?? []).filter(
      paces,
    ),
  )
  return first!.filter(({ name }) => second!.some(rate => rate.name === name))
}

/** Messages a second under these rates at most; `fastest` if there is none. */
export function perSecond(rates: readonly Rate[], fastest: number): number {
  return Math.min(fastest, ...rates.map(({ count, periodMs }) => (count * 1000) / periodMs))
}

function paces(limit: Limit): limit is Rate {
  return limit.kind === 'rate' && limit.waits
}
