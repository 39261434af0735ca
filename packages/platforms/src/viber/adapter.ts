import type { PlatformAdapter } from '../adapter.ts'
import { methodsByMember } from '../send/broadcast-methods.ts'
import { answerViber } from './answer.ts'
import { ViberCredentials } from './credentials.ts'
import { viberEvents } from './event-kinds.ts'
import { limitsOfViber } from './limits.ts'
import { answerViberHandshake, normaliseViber } from './normalise.ts'
import { viberRegistrar } from './register.ts'
import { sendViber } from './send.ts'
import { tooLongForViber, viberTextLimit } from './text-limit.ts'
import { verifyViber } from './verify.ts'

/** Viber's REST Bot API: https://developers.viber.com/docs/api/rest-bot-api. */
export const adapter: PlatformAdapter<ViberCredentials> = {
  platform: 'viber',
  duties: {
    sends: { edit: false, typing: false, idempotent: false },
    unsigned: 'Everything but the body: its time is not checked, so an old call is told by its ids alone.',
    ownMessages: 'Viber sends none: what became of one is a status',
  },
  credentials: ViberCredentials,
  targets: ({ apiRoot }) => (apiRoot === undefined ? [] : [apiRoot]),
  // Viber tries for about an hour; the day is for replays, as nothing but the ids tells them.
  redeliveryWindowMs: 24 * 60 * 60 * 1000,
  maxBodyBytes: 1024 * 1024,
  contentTypes: ['application/json'],
  verify: verifyViber,
  handshake: answerViberHandshake,
  normalise: normaliseViber,
  events: viberEvents,
  textLimit: viberTextLimit,
  tooLong: tooLongForViber,
  answer: answerViber,
  send: sendViber,
  limits: limitsOfViber,
  register: viberRegistrar,
  broadcasts: methodsByMember(
    'type',
    'text',
    ['text', 'picture', 'video', 'file', 'contact', 'location', 'url', 'sticker', 'rich_media'],
    ['receiver', 'broadcast_list'],
  ),
}
