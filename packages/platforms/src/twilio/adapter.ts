import type { PlatformAdapter } from '../adapter.ts'
import { TwilioCredentials } from './credentials.ts'
import { limitsTwilio } from './limits.ts'
import { normaliseTwilio } from './normalise.ts'
import { sendTwilio } from './send.ts'
import { verifyTwilio } from './verify.ts'

/** SMS, MMS and WhatsApp by Twilio: https://www.twilio.com/docs/messaging/guides/webhook-request. */
export const twilio: PlatformAdapter<TwilioCredentials> = {
  platform: 'twilio',
  duties: {
    sends: { edit: false, typing: false, idempotent: false },
    unsigned:
      'The time: a call carries none, so only its id tells a replay. Fields are signed as one text, name and value side by side: where one ends and the next begins is not signed. Headers, the idempotency token among them.',
  },
  credentials: TwilioCredentials,
  targets: ({ apiRoot }) => (apiRoot === undefined ? [] : [apiRoot]),
  // Retries follow within minutes; longer, because without a time stamp the id is all that stops a replay.
  redeliveryWindowMs: 24 * 60 * 60 * 1000,
  maxBodyBytes: 1024 * 1024,
  contentTypes: ['application/x-www-form-urlencoded', 'application/json'],
  verify: verifyTwilio,
  normalise: normaliseTwilio,
  // TwiML that says nothing: replies go by the API, in order and under its limits.
  answer: () => ({ now: { status: 200, contentType: 'text/xml', body: '<Response/>' } }),
  send: sendTwilio,
  limits: limitsTwilio,
}
