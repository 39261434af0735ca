import type { PlatformAdapter, WebhookResponse } from '../adapter.ts'
import { limitsOfSettings } from '../limits/limits-of-settings.ts'
import { onlyMethod } from '../send/broadcast-methods.ts'
import { verifyBodyToken } from '../verify/body-token.ts'
import { ZulipCredentials } from './credentials.ts'
import { zulipEvents } from './events.ts'
import { identifyZulip } from './identify.ts'
import { normaliseZulip } from './normalise.ts'
import { sendZulip } from './send.ts'
import { tooLongForZulip, zulipTextLimit } from './text.ts'

/** Without it Zulip takes the answer for a failure of the bot. */
const silence: WebhookResponse = { status: 200, body: '{"response_not_required":true}' }

/** Zulip's outgoing webhooks: https://zulip.com/api/outgoing-webhooks. */
export const adapter: PlatformAdapter<ZulipCredentials> = {
  platform: 'zulip',
  duties: {
    sends: { edit: true, typing: true, idempotent: false },
    unsigned: 'Everything: the body repeats a token, and is as trustworthy as the TLS connection.',
    ownMessages:
      'Zulip calls for people’s messages alone; one by the bot’s own id or address is `other` all the same',
  },
  credentials: ZulipCredentials,
  targets: ({ apiRoot }) => (apiRoot === undefined ? [] : [apiRoot]),
  // At most three retries, which follow within minutes.
  redeliveryWindowMs: 60 * 60 * 1000,
  maxBodyBytes: 1024 * 1024,
  contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
  verify: (request, { token }) => verifyBodyToken(request, token),
  normalise: normaliseZulip,
  events: zulipEvents,
  identify: identifyZulip,
  textLimit: zulipTextLimit,
  tooLong: tooLongForZulip,
  // Without deferring, the handler's own `{ content }` goes into the response.
  answer: (_updates, { defer }) => (defer === 'none' ? { wait: true, fallback: silence } : { now: silence }),
  send: sendZulip,
  limits: limitsOfSettings,
  broadcasts: onlyMethod('send message', ['to', 'type']),
}
