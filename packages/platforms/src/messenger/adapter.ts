import type { OutboundMessage } from '@botyard/queue-contracts'
import type { LimitSettings, PlatformAdapter, SendOptions } from '../adapter.ts'
import { messagingBroadcasts } from '../meta/broadcasts.ts'
import { answerChallenge } from '../meta/challenge.ts'
import { limitsOfMessaging } from '../meta/limits-messaging.ts'
import { messengerNames } from '../meta/messaging-events.ts'
import { normaliserOf } from '../meta/normalise-messaging.ts'
import { sendMessaging } from '../meta/send-messaging.ts'
import { verifyMeta } from '../meta/signature.ts'
import { messengerTextLimit, tooLongForMessaging } from '../meta/text-limits.ts'
import { MessengerCredentials } from './credentials.ts'
import { messengerEvents } from './event-names.ts'

/** Messenger Platform: https://developers.facebook.com/docs/messenger-platform. */
export const adapter: PlatformAdapter<MessengerCredentials> = {
  platform: 'messenger',
  duties: {
    sends: { edit: false, typing: true, idempotent: false },
    unsigned:
      'Everything but the body: no time stamp, so an old call is told by its ids alone, for the redelivery window.',
    ownMessages: 'echoes (`is_echo`), and whatever the page itself is the sender of',
  },
  credentials: MessengerCredentials,
  targets: ({ apiRoot }) => (apiRoot === undefined ? [] : [apiRoot]),
  // Retried for an hour, then the page is unsubscribed; the general page of webhooks says 36 hours, and
  // nothing is time-stamped.
  redeliveryWindowMs: 36 * 60 * 60 * 1000,
  // Meta sends 3 MB at most.
  maxBodyBytes: 4 * 1024 * 1024,
  contentTypes: ['application/json'],
  challenge: answerChallenge,
  verify: verifyMeta,
  normalise: normaliserOf(messengerNames),
  events: messengerEvents,
  textLimit: messengerTextLimit,
  tooLong: native => tooLongForMessaging(native, messengerTextLimit),
  send(message: OutboundMessage, credentials: MessengerCredentials, options: SendOptions) {
    const {
      pageAccessToken: token,
      pageId: page,
      apiRoot = 'https://graph.facebook.com',
      apiVersion,
    } = credentials
    return sendMessaging(
      message,
      { apiRoot, apiVersion, token, page, defaults: { messaging_type: 'RESPONSE' } },
      options,
    )
  },
  limits: (
    message: OutboundMessage,
    { pageId }: MessengerCredentials,
    settings: LimitSettings,
    bulk: boolean,
  ) => limitsOfMessaging(message, pageId, settings, bulk),
  broadcasts: messagingBroadcasts,
}
