import { adapter as zulip } from '../../src/zulip/adapter.ts'
import type { ConformanceCase } from '../conformance/conformance-case.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { events } from './events.ts'
import { questions } from './questions.ts'

const token = 'v9fpCdldZIej2bco3uoUvGp06PowKFOf'

/** Zulip's duties; a token in the body is all there is to sign with. */
export const zulipCase: ConformanceCase = {
  adapter: zulip as ConformanceCase['adapter'],
  credentials: { token, botEmail: 'bot@chat.example', apiKey: 'key', apiRoot: 'https://chat.example' },
  oracle: null,
  accepted: { result: 'success', msg: '', id: 1 },
  request: (body, { contentType = 'application/json' } = {}) =>
    webhookRequest(body, { 'content-type': contentType }),
  tampered: request => [
    {
      what: 'token',
      request: { ...request, body: Buffer.from(request.body.toString().replace(token, `${token}x`)) },
    },
    {
      what: 'token’s name',
      request: { ...request, body: Buffer.from(request.body.toString().replace('token', 'tokem')) },
    },
    { what: 'key', request, credentials: { token: token.replace('v', 'w') } },
  ],
  events,
  questions,
  fixtures: {
    'synthetic-outgoing-native-stream.json': [
      {
        id: '112:outgoing-bot@chat.example',
        kind: 'message',
        conversation: '7/a topic / 2',
        user: '5',
        tenant: 'chat',
        text: '@**Outgoing bot** héllo',
        sentAtMs: 1527876931000,
      },
    ],
    'synthetic-outgoing-native-direct.json': [
      {
        id: '113:outgoing-bot@chat.example',
        kind: 'message',
        conversation: 'dm:5,25',
        user: '5',
        tenant: 'chat',
        text: 'héllo',
        sentAtMs: 1527876931000,
      },
    ],
    'synthetic-outgoing-slack-format.form.json': [
      {
        kind: 'message',
        conversation: '123',
        user: '21',
        tenant: 'T1512',
        text: 'content',
        sentAtMs: 1532078950000,
      },
    ],
  },
}
