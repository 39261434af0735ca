import { adapters } from '../../src/index.ts'
import type { ConformanceCase } from '../conformance/conformance-case.ts'
import {
  appSecret,
  challengeRequest,
  signedByMeta,
  tamperedWith,
  verifyToken,
} from '../meta/signed-by-meta.ts'
import { events } from './events.ts'
import { questions } from './questions.ts'

const credentials = { appSecret, verifyToken, accessToken: 'IGtoken' }

/** Instagram's duties: Messenger's, with an account instead of a page. */
export const instagramCase: ConformanceCase = {
  adapter: adapters.instagram,
  credentials,
  oracle: '@octokit/webhooks-methods',
  accepted: { recipient_id: '1', message_id: 'm_1' },
  request: signedByMeta,
  tampered: request => tamperedWith(request, credentials),
  challenge: challengeRequest(verifyToken),
  events,
  questions,
  fixtures: {
    'sample-echo.json': [
      {
        id: 'mid.echo.1',
        kind: 'other',
        conversation: '17841400000000000:200000000000001',
        user: '200000000000001',
        text: 'Your order is on the way.',
        sentAtMs: 1772998094000,
      },
    ],
    'sample-reaction.json': [
      {
        id: 'mid.sent.1:react:1772998084000',
        kind: 'reaction',
        conversation: '17841400000000000:200000000000001',
        user: '200000000000001',
        text: '❤️',
        sentAtMs: 1772998084000,
      },
    ],
    'sample-story-mention.json': [
      {
        id: 'mid.story.mention.1',
        kind: 'message',
        conversation: '17841400000000000:200000000000001',
        user: '200000000000001',
        text: undefined,
        sentAtMs: 1772998054000,
      },
    ],
    'sample-story-reply.json': [
      {
        id: 'mid.story.reply.1',
        kind: 'message',
        conversation: '17841400000000000:200000000000001',
        user: '200000000000001',
        text: 'Is this still available?',
        sentAtMs: 1772998044000,
      },
    ],
    'sample-text-dm.json': [
      {
        id: 'mid.text.1',
        kind: 'message',
        conversation: '17841400000000000:200000000000001',
        user: '200000000000001',
        text: 'Do you ship to Córdoba?',
        sentAtMs: 1772998024000,
      },
    ],
    'vercel-first-message.json': [
      {
        id: 'mid_ig_text_001',
        kind: 'message',
        conversation: '17841400000000000:200000000000001',
        user: '200000000000001',
        text: 'Do you ship to Córdoba?',
        sentAtMs: 1772998024000,
      },
    ],
    'vercel-quick-reply.json': [
      {
        id: 'mid_ig_quick_001',
        kind: 'button',
        conversation: '17841400000000000:200000000000001',
        user: '200000000000001',
        text: 'chat:{"a":"confirm","v":"yes"}',
        sentAtMs: 1772998054000,
      },
    ],
    'vercel-reaction-added.json': [
      {
        id: 'mid_ig_text_001:react:1772998044000',
        kind: 'reaction',
        conversation: '17841400000000000:200000000000001',
        user: '200000000000001',
        text: '❤️',
        sentAtMs: 1772998044000,
      },
    ],
  },
}
