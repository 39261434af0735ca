import type { PlatformAdapter } from '../adapter.ts'
import { lineBroadcasts } from './broadcasts.ts'
import { LineCredentials } from './credentials.ts'
import { lineEvents } from './event-kinds.ts'
import { identifyLine } from './identify.ts'
import { joinLine } from './join.ts'
import { limitsOfLine } from './limits.ts'
import { normaliseLine } from './normalise.ts'
import { lineRegistrar } from './register.ts'
import { sendLine } from './send.ts'
import { lineTextLimit, tooLongForLine } from './text-limit.ts'
import { verifyLine } from './verify.ts'

/** LINE's Messaging API: https://developers.line.biz/en/reference/messaging-api. */
export const adapter: PlatformAdapter<LineCredentials> = {
  platform: 'line',
  duties: {
    sends: { edit: false, typing: true, idempotent: true },
    unsigned:
      'Everything but the body: no time stamp, so an old call is told by its ids alone, for the redelivery window.',
    ownMessages: 'LINE sends none; what another module answers is told by its mode, `standby`',
  },
  credentials: LineCredentials,
  targets: ({ apiRoot }) => (apiRoot === undefined ? [] : [apiRoot]),
  // LINE redelivers "for a certain period" that it does not publish; a reply token is dead 20 minutes after
  // the event.
  redeliveryWindowMs: 24 * 60 * 60 * 1000,
  maxBodyBytes: 1024 * 1024,
  contentTypes: ['application/json'],
  verify: verifyLine,
  normalise: normaliseLine,
  events: lineEvents,
  identify: identifyLine,
  textLimit: lineTextLimit,
  tooLong: tooLongForLine,
  join: joinLine,
  send: sendLine,
  limits: limitsOfLine,
  register: lineRegistrar,
  broadcasts: lineBroadcasts,
}
