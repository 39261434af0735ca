import type { PlatformAdapter } from '../adapter.ts'
import { onlyMethod } from '../send/broadcast-methods.ts'
import { answerGoogleChat } from './answer.ts'
import { addOnKinds, classicKinds } from './chat-event.ts'
import { GoogleChatCredentials } from './credentials.ts'
import { limitsOfGoogleChat } from './limits.ts'
import { normaliseGoogleChat } from './normalise.ts'
import { sendGoogleChat } from './send.ts'
import { textLimitOfGoogleChat, tooLongForGoogleChat } from './text-limit.ts'
import { verifyGoogleChat } from './verify.ts'
import { workspaceKinds } from './workspace-event.ts'

/** Google Chat: interaction events by HTTP, as an app or an add-on, and Workspace events by Pub/Sub push. */
export const adapter: PlatformAdapter<GoogleChatCredentials> = {
  platform: 'google-chat',
  duties: {
    sends: { edit: true, typing: false, idempotent: true },
    unsigned: 'The body: a token proves who calls, for about an hour.',
    ownMessages: '`sender.type` `BOT`, of every app: they come by Pub/Sub alone',
  },
  credentials: GoogleChatCredentials,
  targets: ({ jwksUrl, certsUrl, tokenUrl, apiRoot }) =>
    [jwksUrl, certsUrl, tokenUrl, apiRoot].filter(url => url !== undefined),
  // Pub/Sub delivers until it is acknowledged, for as long as its subscription keeps messages: 7 days unless
  // set.
  redeliveryWindowMs: 7 * 24 * 60 * 60 * 1000,
  maxBodyBytes: 1024 * 1024,
  contentTypes: ['application/json'],
  verify: verifyGoogleChat,
  normalise: normaliseGoogleChat,
  events: new Set([...classicKinds.keys(), ...addOnKinds.keys(), ...workspaceKinds.keys()]),
  textLimit: textLimitOfGoogleChat,
  tooLong: tooLongForGoogleChat,
  answer: answerGoogleChat,
  send: sendGoogleChat,
  limits: limitsOfGoogleChat,
  broadcasts: onlyMethod('spaces.messages.create', []),
}
