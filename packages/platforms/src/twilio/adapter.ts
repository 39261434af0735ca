import type { PlatformAdapter } from '../adapter.ts'
import { onlyMethod } from '../send/broadcast-methods.ts'
import { answerTwilio } from './answer.ts'
import { TwilioCredentials } from './credentials.ts'
import { twilioEvents } from './event-names.ts'
import { limitsTwilio } from './limits.ts'
import { normaliseTwilio } from './normalise.ts'
import { sendTwilio } from './send.ts'
import { tooLongForTwilio, twilioTextLimit } from './text-limit.ts'
import { verifyTwilio } from './verify.ts'

/** SMS, MMS and WhatsApp by Twilio: https://www.twilio.com/docs/messaging/guides/webhook-request. */
export const adapter: PlatformAdapter<TwilioCredentials> = {
  platform: 'twilio',
  duties: {
    sends: { edit: false, typing: false, idempotent: false },
    unsigned:
      'The time: a call carries none, so only its id tells a replay. Fields are signed as one text, name and value side by side: where one ends and the next begins is not signed. Headers, the idempotency token among them.',
    ownMessages: 'only Conversations send them: their source is `API` or `SDK`',
  },
  credentials: TwilioCredentials,
  targets: ({ apiRoot, conversationsApiRoot }) =>
    [apiRoot, conversationsApiRoot].filter(root => root !== undefined),
  // Retries follow within minutes; longer, because without a time stamp the id is all that stops a replay.
  redeliveryWindowMs: 24 * 60 * 60 * 1000,
  maxBodyBytes: 1024 * 1024,
  contentTypes: ['application/x-www-form-urlencoded', 'application/json'],
  verify: verifyTwilio,
  normalise: normaliseTwilio,
  events: twilioEvents,
  textLimit: twilioTextLimit,
  tooLong: tooLongForTwilio,
  answer: answerTwilio,
  send: sendTwilio,
  limits: limitsTwilio,
  broadcasts: onlyMethod('Messages', ['To']),
}
