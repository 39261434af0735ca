import {
  AuthenticationConfiguration,
  ChannelValidation,
  SimpleCredentialProvider,
} from 'botframework-connector'
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

type Service = Pick<SigningService, 'origin' | 'sign'>

const appId = '11111111-2222-3333-4444-555555555555'
const appPassword = 'a client secret'

async function signedBy(
  service: Service,
  body: Buffer,
  options: { atMs?: number; forged?: boolean } = {},
): Promise<WebhookRequest> {
  const { serviceUrl, channelId } = activityOf(body)
  const claims = { iss: 'https://api.botframework.com', aud: appId, serviceurl: serviceUrl }
  const authorization = `Bearer ${await service.sign(claims, options)}`
  if (serviceUrl && channelId && options.atMs === undefined && !options.forged) {
    await oracleTakes(service, authorization, serviceUrl, channelId)
  }
  return webhookRequest(body, { authorization, 'content-type': 'application/json; charset=utf-8' })
}

function activityOf(body: Buffer): { serviceUrl?: string; channelId?: string } {
  try {
    return JSON.parse(body.toString())
  } catch {
    return {}
  }
}

/** Microsoft's own SDK must find genuine what this case signs, or the case proves nothing. */
async function oracleTakes(
  { origin }: Service,
  authorization: string,
  serviceUrl: string,
  channelId: string,
) {
  ChannelValidation.OpenIdMetadataEndpoint = `${origin}/openid`
  const known = new SimpleCredentialProvider(appId, appPassword)
  const configuration = new AuthenticationConfiguration()
  await ChannelValidation.authenticateChannelTokenWithServiceUrl(
    authorization,
    known,
    serviceUrl,
    channelId,
    configuration,
  )
}

function withToken(genuine: WebhookRequest, token: string): WebhookRequest {
  return { ...genuine, headers: { ...genuine.headers, authorization: `Bearer ${token}` } }
}

const tenant = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890'
const user = '00000000-1111-2222-3333-444444444444'
const channel = '19:d441d38c655c47a085215b2726e76927@thread.tacv2'
const direct =
  'a:17NditBRO5pbPlIimLiU0g7vfMqIYTPwqILZJq-TOhzzKiAmv2i6Oerr-QPUpuznpKMZinowF80qU8SFPCsvZlg3EpJU8FYt3rO-iSCFfYzIIk2STWat73naOa8x5LdSv'
const thread = (root: string) => `${channel};messageid=${root}`
const at = (time: string) => Date.parse(time)

function message(id: string, conversation: string, text: string, sentAtMs?: number): ExpectedUpdate[] {
  return [
    {
      id: JSON.stringify(['message', id, conversation]),
      kind: 'message',
      conversation,
      user,
      tenant,
      text,
      sentAtMs,
    },
  ]
}

/** The duties of Microsoft Teams; its own SDK checks the tokens that the tests sign. */
export const teamsCase: ConformanceCase = {
  ...caseBy(unstartedService),
  async start() {
    const service = await signingService(['msteams', 'skype'])
    return { ...caseBy(service), end: service.end }
  },
}

function caseBy(service: Service): ConformanceCase {
  const credentials = { appId, appPassword, openIdUrl: `${service.origin}/openid` }
  const request: ConformanceCase['request'] = (body, options) => signedBy(service, body, options)
  return {
    adapter: adapters.teams,
    credentials,
    oracle: 'botframework-connector',
    accepted: { id: '1' },
    request,
    async tampered(genuine) {
      const token = String(genuine.headers.authorization).slice('Bearer '.length)
      const forged = await signedBy(service, genuine.body, { forged: true })
      const body = genuine.body.toString().replace('"https://smba.', '"https://smbb.')
      return [
        { what: 'signature', request: withToken(genuine, flippedToken(token, 'signature')) },
        { what: 'claim', request: withToken(genuine, flippedToken(token, 'claims')) },
        { what: 'key', request: { ...genuine, headers: forged.headers } },
        { what: 'service url', request: { ...genuine, body: Buffer.from(body) } },
        { what: 'app', request: genuine, credentials: { ...credentials, appId: appId.replace('1', '0') } },
      ]
    },
    windowMs: 5 * 60 * 1000,
    redelivered: body => request(body, { atMs: Date.now() - 60_000 }),
    events,
    questions,
    fixtures: {
      'actions-reactions-mention.json': message('1767326091220', thread('1767326091220'), 'Test'),
      'actions-reactions-reaction.json': [
        {
          kind: 'reaction',
          conversation: thread('1767326091220'),
          user,
          tenant,
          text: undefined,
          sentAtMs: at('2026-01-02T03:55:18.953Z'),
        },
      ],
      'channel-mention.json': message(
        '1771290107407',
        thread('1771290107407'),
        'Hey',
        at('2026-02-17T01:01:47.451Z'),
      ),
      'dm-dm-message.json': message('1767378504354', direct, 'Hey', at('2026-01-02T18:28:24.378Z')),
      'dm-dm-request.json': message(
        '1767378464588',
        thread('1767377017138'),
        'dm me',
        at('2026-01-02T18:27:44.631Z'),
      ),
      'dm-mention.json': message(
        '1767377017138',
        thread('1767377017138'),
        'Hey',
        at('2026-01-02T18:03:37.199Z'),
      ),
      'raw-conversation-update.json': [
        {
          kind: 'membership',
          conversation: channel,
          user,
          tenant,
          text: undefined,
          sentAtMs: at('2025-12-23T03:19:14.579Z'),
        },
      ],
      'raw-installation-update-add.json': [
        {
          kind: 'membership',
          conversation: channel,
          user,
          tenant,
          text: undefined,
          sentAtMs: at('2025-12-23T03:19:14.579Z'),
        },
      ],
      'raw-message-2.json': message(
        '1766459970384',
        thread('1766459963017'),
        'test',
        at('2025-12-23T03:19:30.427Z'),
      ),
      'raw-message.json': message(
        '1766459963017',
        thread('1766459963017'),
        'test',
        at('2025-12-23T03:19:23.059Z'),
      ),
      'streaming-ai-mention.json': message(
        '1767406652277',
        thread('1767406652277'),
        'AI What is love?',
        at('2026-01-03T02:17:32.309Z'),
      ),
      'streaming-follow-up.json': message(
        '1767406665397',
        thread('1767406652277'),
        'Who are you?',
        at('2026-01-03T02:17:45.441Z'),
      ),
      'synthetic-message-edited.json': [
        {
          kind: 'edit',
          conversation: '19:abc@thread.tacv2',
          user: '00000000-0000-0000-0000-000000000001',
          tenant: '00000000-0000-0000-0000-0000000000aa',
          text: 'edited',
          sentAtMs: at('2026-01-05T10:00:00.000Z'),
        },
      ],
    },
  }
}
