import type { PlatformAdapter } from '../adapter.ts'
import { onlyMethod } from '../send/broadcast-methods.ts'
import { answerSlack, handshakeSlack } from './answer.ts'
import { SlackCredentials, SlackTenantCredentials } from './credentials.ts'
import { slackEvents } from './event-kinds.ts'
import { identifySlack } from './identify.ts'
import { limitsOfSlack } from './limits.ts'
import { normaliseSlack } from './normalise.ts'
import { sendSlack } from './send.ts'
import { slackTextLimit, tooLongForSlack } from './text-limit.ts'
import { verifySlack } from './verify.ts'

/**
 * Slack's Events API, slash commands and interactivity, which may share a url:
 * https://docs.slack.dev/apis/events-api.
 */
export const adapter: PlatformAdapter<SlackCredentials> = {
  platform: 'slack',
  duties: {
    sends: { edit: true, typing: false, idempotent: false },
    unsigned: 'The other headers, such as the number of the retry; body and time stamp are signed.',
    ownMessages: 'by the ids of the bot’s user, bot and app, in the event and from auth.test',
    stopEvent: 'agent_session_stopped',
  },
  credentials: SlackCredentials,
  tenantCredentials: SlackTenantCredentials,
  targets: ({ apiRoot }) => (apiRoot === undefined ? [] : [apiRoot]),
  // Three retries within six minutes, and with "Delayed Events" another each hour for 24 hours.
  redeliveryWindowMs: 25 * 60 * 60 * 1000,
  // Slack publishes no maximum.
  maxBodyBytes: 1024 * 1024,
  contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
  verify: verifySlack,
  handshake: handshakeSlack,
  normalise: normaliseSlack,
  events: slackEvents,
  identify: identifySlack,
  textLimit: slackTextLimit,
  tooLong: tooLongForSlack,
  answer: answerSlack,
  send: sendSlack,
  limits: limitsOfSlack,
  broadcasts: onlyMethod('chat.postMessage', ['channel']),
}
