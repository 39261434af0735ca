import { OAuth2Client } from 'google-auth-library'
import { exportPKCS8, generateKeyPair } from 'jose'
import { adapters, type WebhookRequest } from '../../src/index.ts'
import type { ConformanceCase, ExpectedUpdate } from '../conformance/conformance-case.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import {
  flippedToken,
  type SigningService,
  signingService,
  unstartedService,
} from '../jwt/signing-service.ts'
import { events } from './events.ts'
import { questions } from './questions.ts'

type Service = Pick<SigningService, 'origin' | 'pems' | 'sign'>

const issuer = 'https://accounts.google.com'
const audience = 'https://bots.example/hooks/google-chat/bot'
const account = await generateKeyPair('RS256', { extractable: true })
const serviceAccount = {
  client_email: 'bot@project.iam.gserviceaccount.com',
  private_key: await exportPKCS8(account.privateKey),
}

async function signedBy(
  service: Service,
  body: Buffer,
  options: { atMs?: number; forged?: boolean } = {},
): Promise<WebhookRequest> {
  const claims = {
    iss: issuer,
    aud: audience,
    email: 'chat@system.gserviceaccount.com',
    email_verified: true,
  }
  const token = await service.sign(claims, options)
  // Google's own library must find genuine what this case signs, or the case proves nothing.
  if (options.atMs === undefined && !options.forged) {
    await new OAuth2Client().verifySignedJwtWithCertsAsync(token, await service.pems(), audience, [issuer])
  }
  return webhookRequest(body, {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json; charset=UTF-8',
  })
}

function withToken(genuine: WebhookRequest, token: string): WebhookRequest {
  return { ...genuine, headers: { ...genuine.headers, authorization: `Bearer ${token}` } }
}

const user = 'users/100000000000000000001'
const room = 'spaces/AAQAO1heGsE'

function expected(update: Partial<ExpectedUpdate>, time?: string): ExpectedUpdate[] {
  const sentAtMs = time === undefined ? undefined : Date.parse(time)
  return [
    { kind: 'message', conversation: room, user, sentAtMs, tenant: undefined, text: undefined, ...update },
  ]
}

/**
 * The duties of Google Chat, by tokens for the endpoint's url; its own library checks the tokens that the
 * tests sign.
 */
export const googleChatCase: ConformanceCase = {
  ...caseBy(unstartedService),
  async start() {
    const service = await signingService()
    return { ...caseBy(service), end: service.end }
  },
}

function caseBy(service: Service): ConformanceCase {
  const credentials = { audience, jwksUrl: `${service.origin}/keys`, serviceAccount }
  const request: ConformanceCase['request'] = (body, options) => signedBy(service, body, options)
  return {
    adapter: adapters['google-chat'],
    credentials,
    oracle: 'google-auth-library',
    accepted: { name: 'spaces/A/messages/B' },
    request,
    async tampered(genuine) {
      const token = String(genuine.headers.authorization).slice('Bearer '.length)
      const forged = await signedBy(service, genuine.body, { forged: true })
      return [
        { what: 'signature', request: withToken(genuine, flippedToken(token, 'signature')) },
        { what: 'claim', request: withToken(genuine, flippedToken(token, 'claims')) },
        { what: 'key', request: { ...genuine, headers: forged.headers } },
        {
          what: 'audience',
          request: { ...genuine, url: 'https://bots.example/hooks/google-chat/other' },
          credentials: { ...credentials, audience: 'https://bots.example/hooks/google-chat/other' },
        },
      ]
    },
    windowMs: 5 * 60 * 1000,
    redelivered: body => request(body, { atMs: Date.now() - 60_000 }),
    events,
    questions,
    fixtures: {
      'actions-reactions-mention.json': expected(
        { id: `${room}/messages/A6woZAHrIjs.A6woZAHrIjs`, text: 'Hey' },
        '2026-01-02T23:32:28.751807Z',
      ),
      'actions-reactions-reaction.json': expected(
        {
          id: 'spaces/AAQADmenPpY/spaceEvents/MTc2NzMyNjEwMzIzODkyNF81OF9jcmVhdGVk',
          kind: 'reaction',
          conversation: 'spaces/AAQADmenPpY',
        },
        '2026-01-02T03:55:03.238924Z',
      ),
      'channel-mention.json': expected(
        { id: `${room}/messages/qNpOJCyvVvw.qNpOJCyvVvw`, text: 'Hey' },
        '2026-02-17T00:38:52.441167Z',
      ),
      'dm-dm-message.json': expected(
        {
          id: 'spaces/jLQ7DiAAAAE/messages/HpyRFx0N2eY.HpyRFx0N2eY',
          conversation: 'spaces/jLQ7DiAAAAE',
          text: 'Thanks!',
        },
        '2026-01-02T18:02:52.270735Z',
      ),
      'dm-dm-request.json': expected(
        { id: `${room}/messages/KiNukbmD9L4.7akoGytX9gA`, text: 'DM me' },
        '2026-01-02T18:02:42.838815Z',
      ),
      'dm-mention.json': expected(
        { id: `${room}/messages/KiNukbmD9L4.KiNukbmD9L4`, text: 'hey' },
        '2026-01-02T18:02:35.465455Z',
      ),
      'gchat-follow-up.json': expected({ conversation: 'spaces/AAQAJ9CXYcg', text: 'Hey' }),
      'streaming-ai-mention.json': expected(
        { id: `${room}/messages/QCiv1HErQkk.QCiv1HErQkk`, text: 'AI What is love?' },
        '2026-01-03T02:18:02.075999Z',
      ),
      'streaming-follow-up.json': expected({ text: 'Who are you?' }, '2026-01-03T02:18:12.886639Z'),
      'synthetic-removed-from-space-classic.json': expected(
        { kind: 'membership', conversation: 'spaces/AAAAAAAAAAA', user: 'users/12345678901234567890' },
        '2026-01-05T10:00:00.000000Z',
      ),
    },
  }
}
