import { zulip } from '../../src/zulip/adapter.ts'
import type { ConformanceCase } from '../conformance/conformance-case.ts'
import { webhookRequest } from '../webhook-request.ts'

const token = 'v9fpCdldZIej2bco3uoUvGp06PowKFOf'

/** Zulip's duties; a token in the body is all there is to sign with. */
export const zulipCase: ConformanceCase = {
  adapter: zulip as ConformanceCase['adapter'],
  credentials: { token, botEmail: 'bot@chat.example', apiKey: 'key', apiRoot: 'https://chat.example' },
  oracle: null,
  request: (body, { contentType = 'application/json' } = {}) => webhookRequest(body, { 'content-type': contentType }),
  tampered: request => [
    { what: 'token', request: { ...request, body: Buffer.from(request.body.toString().replace(token, `${token}x`)) } },
    {
      what: 'token’s name',
      request: { ...request, body: Buffer.from(request.body.toString().replace('token', 'tokem')) },
    },
    { what: 'key', request, credentials: { token: token.replace('v', 'w') } },
  ],
  fixtures: {
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
