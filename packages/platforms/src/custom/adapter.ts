import type { PlatformAdapter } from '../adapter.ts'
import { onlyMethod } from '../send/broadcast-methods.ts'
import { CustomCredentials } from './credentials.ts'
import { limitsOfCustom } from './limits.ts'
import { customEvents, normaliseCustom } from './normalise.ts'
import { sendCustom } from './send.ts'
import { customTextLimit } from './text.ts'
import { verifyCustom } from './verify.ts'

/**
 * The channel for everything without an adapter, signed by Standard Webhooks:
 * https://www.standardwebhooks.com.
 */
export const adapter: PlatformAdapter<CustomCredentials> = {
  platform: 'custom',
  duties: {
    sends: { edit: true, typing: true, idempotent: true },
    unsigned: 'Everything but the body, its id and its time stamp.',
    ownMessages: 'the sender posts what others wrote, and says of bots that they are (`fromBot`)',
  },
  credentials: CustomCredentials,
  targets: ({ replyUrl }) => (replyUrl === undefined ? [] : [replyUrl]),
  // The specification's example schedule ends 75.5 hours after the first try.
  redeliveryWindowMs: 76 * 60 * 60 * 1000,
  maxBodyBytes: 1024 * 1024,
  contentTypes: ['application/json'],
  verify: verifyCustom,
  normalise: normaliseCustom,
  events: customEvents,
  textLimit: customTextLimit,
  send: sendCustom,
  limits: limitsOfCustom,
  broadcasts: onlyMethod('message', []),
}
