import type { OutboundMessage } from '@botyard/queue-contracts'
import type { LimitSettings, PlatformAdapter, SendOptions } from '../adapter.ts'
import { messagingBroadcasts } from '../meta/broadcasts.ts'
import { answerChallenge } from '../meta/challenge.ts'
import { limitsOfMessaging } from '../meta/limits-messaging.ts'
import { instagramNames } from '../meta/messaging-events.ts'
import { normaliserOf } from '../meta/normalise-messaging.ts'
import { sendMessaging } from '../meta/send-messaging.ts'
import { verifyMeta } from '../meta/signature.ts'
import { instagramTextLimit, tooLongForMessaging } from '../meta/text-limits.ts'
import { InstagramCredentials } from './credentials.ts'
import { instagramEvents } from './event-names.ts'

/** Instagram messaging with Instagram login: https://developers.facebook.com/docs/instagram-platform. */
export const adapter: PlatformAdapter<InstagramCredentials> = {
  platform: 'instagram',
  duties: {
    sends: { edit: false, typing: true, idempotent: false },
    unsigned:
      'Everything but the body: no time stamp, so an old call is told by its ids alone, for the redelivery window.',
    ownMessages: 'echoes (`is_echo`), and whatever the account itself is the sender of',
  },
  credentials: InstagramCredentials,
  targets: ({ apiRoot }) => (apiRoot === undefined ? [] : [apiRoot]),
  // As Messenger: an hour on the product's own page, 36 hours on the general page of webhooks.
  redeliveryWindowMs: 36 * 60 * 60 * 1000,
  // Meta sends 3 MB at most.
  maxBodyBytes: 4 * 1024 * 1024,
  contentTypes: ['application/json'],
  challenge: answerChallenge,
  verify: verifyMeta,
  normalise: normaliserOf(instagramNames),
  events: instagramEvents,
  textLimit: instagramTextLimit,
  tooLong: native => tooLongForMessaging(native, instagramTextLimit),
  send(message: OutboundMessage, credentials: InstagramCredentials, options: SendOptions) {
    const {
      accessToken: token,
      accountId: page,
      apiRoot = 'https://graph.instagram.com',
      apiVersion,
    } = credentials
    return sendMessaging(message, { apiRoot, apiVersion, token, page, defaults: {} }, options)
  },
  limits: (
    message: OutboundMessage,
    { accountId }: InstagramCredentials,
    settings: LimitSettings,
    bulk: boolean,
  ) => limitsOfMessaging(message, accountId, settings, bulk),
  broadcasts: messagingBroadcasts,
}
