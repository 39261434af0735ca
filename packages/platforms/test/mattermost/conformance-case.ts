import { adapter as mattermost } from '../../src/mattermost/adapter.ts'
import type { ConformanceCase } from '../conformance/conformance-case.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { events } from './events.ts'
import { questions } from './questions.ts'

const token = 'zmigewsanbbsdf59xnmduzypjc'
const where = {
  id: 'axdygg1957njfe5pu38saikdho',
  kind: 'message',
  conversation: 'kwoknj9nwpypzgzy78wkw516qe/hawos4dqtby53pd64o4a4cmeoo',
  user: 'rnina9994bde8mua79zqcg5hmo',
  tenant: 'kwoknj9nwpypzgzy78wkw516qe',
  sentAtMs: 1445532266000,
}

/** Mattermost's duties; a token in the body is all there is to sign with. */
export const mattermostCase: ConformanceCase = {
  adapter: mattermost as ConformanceCase['adapter'],
  credentials: { token, url: 'https://chat.example', botToken: 'bot-token' },
  oracle: null,
  accepted: { id: 'p1' },
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
    { what: 'key', request, credentials: { token: token.replace('z', '{') } },
  ],
  events,
  questions,
  fixtures: {
    'synthetic-outgoing-form.form.json': [{ ...where, text: 'some text here' }],
    'synthetic-outgoing-json.json': [{ ...where, text: '#build — ünïcode 🚀' }],
  },
}
