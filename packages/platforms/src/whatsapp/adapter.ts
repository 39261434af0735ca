import type { PlatformAdapter } from '../adapter.ts'
import { answerChallenge } from '../meta/challenge.ts'
import { verifyMeta } from '../meta/signature.ts'
import { whatsappBroadcasts } from './broadcasts.ts'
import { WhatsAppCredentials } from './credentials.ts'
import { whatsAppEvents } from './event-names.ts'
import { limitsOfWhatsApp } from './limits.ts'
import { normaliseWhatsApp } from './normalise.ts'
import { sendWhatsApp } from './send.ts'
import { tooLongForWhatsApp, whatsAppTextLimit } from './text-limit.ts'

/** The WhatsApp Cloud API: https://developers.facebook.com/docs/whatsapp/cloud-api. */
export const adapter: PlatformAdapter<WhatsAppCredentials> = {
  platform: 'whatsapp',
  duties: {
    sends: { edit: false, typing: true, idempotent: false },
    unsigned:
      'Everything but the body: no time stamp, so an old call is told by its ids alone, for the redelivery window.',
    ownMessages:
      'fields of their own (`message_echoes`, `smb_message_echoes`, `standby`), or sent by the own number',
  },
  credentials: WhatsAppCredentials,
  targets: ({ apiRoot }) => (apiRoot === undefined ? [] : [apiRoot]),
  // "With decreasing frequency, up to 7 days" says one page of Meta's, 36 hours another.
  redeliveryWindowMs: 7 * 24 * 60 * 60 * 1000,
  // Meta sends 3 MB at most.
  maxBodyBytes: 4 * 1024 * 1024,
  contentTypes: ['application/json'],
  challenge: answerChallenge,
  verify: verifyMeta,
  normalise: normaliseWhatsApp,
  events: whatsAppEvents,
  textLimit: whatsAppTextLimit,
  tooLong: tooLongForWhatsApp,
  send: sendWhatsApp,
  limits: limitsOfWhatsApp,
  broadcasts: whatsappBroadcasts,
}
