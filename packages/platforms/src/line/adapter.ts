import type { PlatformAdapter } from '../adapter.ts'
import { LineCredentials } from './credentials.ts'
import { limitsOfLine } from './limits.ts'
import { normaliseLine } from './normalise.ts'
import { lineRegistrar } from './register.ts'
import { sendLine } from './send.ts'
import { verifyLine } from './verify.ts'

/** LINE's Messaging API: https://developers.line.biz/en/reference/messaging-api. */
export const line: PlatformAdapter<LineCredentials> = {
  platform: 'line',
  duties: {
    sends: { edit: false, typing: true, idempotent: true },
    unsigned:
      'Everything but the body: no time stamp, so an old call is told by its ids alone, for the redelivery window.',
  },
  credentials: LineCredentials,
  targets: ({ apiRoot }) => (apiRoot === undefined ? [] : [apiRoot]),
  // LINE redelivers "for a certain period" that it does not publish; a reply token is dead 20 minutes after the event.
  redeliveryWindowMs: 24 * 60 * 60 * 1000,
  maxBodyBytes: 1024 * 1024,
  contentTypes: ['application/json'],
  verify: verifyLine,
  normalise: normaliseLine,
  send: sendLine,
  limits: limitsOfLine,
  register: lineRegistrar,
}
