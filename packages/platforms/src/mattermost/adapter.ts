import type { PlatformAdapter, WebhookResponse } from '../adapter.ts'
import { limitsOfSettings } from '../limits/limits-of-settings.ts'
import { onlyMethod } from '../send/broadcast-methods.ts'
import { verifyBodyToken } from '../verify/body-token.ts'
import { MattermostCredentials } from './credentials.ts'
import { identifyMattermost } from './identify.ts'
import { mattermostEvents, normaliseMattermost } from './normalise.ts'
import { sendMattermost } from './send.ts'
import { mattermostTextLimit, tooLongForMattermost } from './text-limit.ts'

/** An answer without a text posts nothing. */
const silence: WebhookResponse = { status: 200, body: '{}' }

/**
 * Mattermost's outgoing webhooks and slash commands:
 * https://developers.mattermost.com/integrate/webhooks/outgoing/.
 */
export const adapter: PlatformAdapter<MattermostCredentials> = {
  platform: 'mattermost',
  duties: {
    sends: { edit: true, typing: true, idempotent: true },
    unsigned: 'Everything: the body repeats a token, and is as trustworthy as the TLS connection.',
    ownMessages: 'by the account, from users/me',
  },
  credentials: MattermostCredentials,
  targets: ({ url }) => (url === undefined ? [] : [url]),
  // The server only logs what fails; an hour covers proxies that repeat a call.
  redeliveryWindowMs: 60 * 60 * 1000,
  maxBodyBytes: 1024 * 1024,
  contentTypes: ['application/x-www-form-urlencoded', 'application/json'],
  verify: (request, { token }) => verifyBodyToken(request, token),
  normalise: normaliseMattermost,
  events: mattermostEvents,
  identify: identifyMattermost,
  textLimit: mattermostTextLimit,
  tooLong: tooLongForMattermost,
  // Without deferring, the handler's own `{ text }` goes into the response.
  answer: (_updates, { defer }) => (defer === 'none' ? { wait: true, fallback: silence } : { now: silence }),
  send: sendMattermost,
  limits: limitsOfSettings,
  broadcasts: onlyMethod('create post', ['channel_id']),
}
