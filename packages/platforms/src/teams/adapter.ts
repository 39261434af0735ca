import type { PlatformAdapter } from '../adapter.ts'
import { methodsByMember } from '../send/broadcast-methods.ts'
import { answerTeams } from './answer.ts'
import { TeamsCredentials } from './credentials.ts'
import { teamsEvents } from './event-name.ts'
import { identifyTeams } from './identify.ts'
import { limitsOfTeams } from './limits.ts'
import { normaliseTeams } from './normalise.ts'
import { sendTeams } from './send.ts'
import { teamsTextLimit, tooLongForTeams } from './text-limit.ts'
import { verifyTeams } from './verify.ts'

/**
 * Microsoft Teams by the Bot Framework:
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference.
 */
export const adapter: PlatformAdapter<TeamsCredentials> = {
  platform: 'teams',
  duties: {
    sends: { edit: true, typing: true, idempotent: false },
    unsigned: 'The body but for its service url and channel: a token proves who calls, for about an hour.',
    ownMessages: 'by the sender, who is then the recipient, or the app',
  },
  credentials: TeamsCredentials,
  targets: ({ openIdUrl, loginUrl, apiRoot }) =>
    [openIdUrl, loginUrl, apiRoot].filter(url => url !== undefined),
  // Nothing is published about redelivery; a day is more than any other platform but WhatsApp takes.
  redeliveryWindowMs: 24 * 60 * 60 * 1000,
  // Activities are at most 256 KB; cards that are sent in, and what they quote, come on top.
  maxBodyBytes: 1024 * 1024,
  contentTypes: ['application/json'],
  verify: verifyTeams,
  normalise: normaliseTeams,
  events: teamsEvents,
  identify: identifyTeams,
  textLimit: teamsTextLimit,
  tooLong: tooLongForTeams,
  answer: answerTeams,
  send: sendTeams,
  limits: limitsOfTeams,
  broadcasts: methodsByMember('type', 'message', ['message'], ['recipient', 'conversation']),
}
