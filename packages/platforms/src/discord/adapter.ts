import type { PlatformAdapter } from '../adapter.ts'
import { onlyMethod } from '../send/broadcast-methods.ts'
import { acknowledgeDiscord, answerDiscord, handshakeDiscord } from './answer.ts'
import { DiscordCredentials } from './credentials.ts'
import { discordEvents } from './events.ts'
import { identifyDiscord } from './identify.ts'
import { limitsOfDiscord } from './limits.ts'
import { normaliseDiscord } from './normalise.ts'
import { discordRegistrar } from './register.ts'
import { sendDiscord } from './send.ts'
import { discordTextLimit, tooLongForDiscord } from './text.ts'
import { maxSignatureAgeMs, verifyDiscord } from './verify.ts'

/**
 * Discord's interactions and webhook events, which may share a url:
 * https://docs.discord.com/developers/interactions/overview,
 * https://docs.discord.com/developers/events/webhook-events.
 */
export const adapter: PlatformAdapter<DiscordCredentials> = {
  platform: 'discord',
  duties: {
    // By nonce, in channels; an answer to an interaction has none.
    sends: { edit: true, typing: true, idempotent: true },
    unsigned:
      'Nothing but the other headers. The time stamp is signed: a call of more than a day ago is refused, a younger one that comes again is told by its id.',
    ownMessages:
      'by the author’s id: the bot’s user (`GET /users/@me`) or the application’s; interactions are people’s',
    acknowledgement: '“thinking” is ended after a command or a form if no message took its place',
  },
  credentials: DiscordCredentials,
  targets: ({ apiRoot }) => (apiRoot === undefined ? [] : [apiRoot]),
  // Webhook events are sent again for 10 minutes, interactions not at all; a day keeps out old calls that
  // somebody repeats.
  redeliveryWindowMs: maxSignatureAgeMs,
  // Discord publishes no maximum; interactions carry whole messages, members and channels.
  maxBodyBytes: 1024 * 1024,
  contentTypes: ['application/json'],
  verify: verifyDiscord,
  handshake: handshakeDiscord,
  normalise: normaliseDiscord,
  events: discordEvents,
  identify: identifyDiscord,
  textLimit: discordTextLimit,
  tooLong: tooLongForDiscord,
  answer: answerDiscord,
  acknowledge: acknowledgeDiscord,
  send: sendDiscord,
  limits: limitsOfDiscord,
  register: discordRegistrar,
  broadcasts: onlyMethod('create message', []),
}
