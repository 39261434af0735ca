import type { PlatformAdapter } from '../adapter.ts'
import { acknowledgeDiscord, answerDiscord, handshakeDiscord } from './answer.ts'
import { DiscordCredentials } from './credentials.ts'
import { limitsOfDiscord } from './limits.ts'
import { normaliseDiscord } from './normalise.ts'
import { discordRegistrar } from './register.ts'
import { sendDiscord } from './send.ts'
import { verifyDiscord } from './verify.ts'

/**
 * Discord's interactions and webhook events, which may share a url: https://discord.com/developers/docs/interactions/overview,
 * https://discord.com/developers/docs/events/webhook-events.
 */
export const discord: PlatformAdapter<DiscordCredentials> = {
  platform: 'discord',
  duties: {
    // By nonce, in channels; an answer to an interaction has none.
    sends: { edit: true, typing: true, idempotent: true },
    unsigned:
      'Nothing but the other headers. The time stamp is signed and Discord names no window for it, so an old call is told by its id, for the redelivery window.',
  },
  credentials: DiscordCredentials,
  targets: ({ apiRoot }) => (apiRoot === undefined ? [] : [apiRoot]),
  // Webhook events are sent again for 10 minutes, interactions not at all; a day keeps out old calls that somebody repeats.
  redeliveryWindowMs: 24 * 60 * 60 * 1000,
  // Discord publishes no maximum; interactions carry whole messages, members and channels.
  maxBodyBytes: 1024 * 1024,
  contentTypes: ['application/json'],
  verify: verifyDiscord,
  handshake: handshakeDiscord,
  normalise: normaliseDiscord,
  answer: answerDiscord,
  acknowledge: acknowledgeDiscord,
  send: sendDiscord,
  limits: limitsOfDiscord,
  register: discordRegistrar,
}
