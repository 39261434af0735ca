import { type ApiReply, type ApiRequest, jsonBody, textIn } from '../simulator/api-server.ts'
import { delaysOf, type PlatformDefinition } from '../simulator/definition.ts'
import { hexDigits, numbered } from '../simulator/ids.ts'
import { hmacSha256, jsonCall } from '../simulator/json-call.ts'

/** Ids of users are base64 of 16 bytes, unique per bot. */
function userOf(chat: number): string {
  return Buffer.from(numbered('', chat, 16)).toString('base64')
}

/**
 * Viber's REST Bot API: one event a call, tried again for about an hour; of send_message no rate is
 * published.
 */
export function createPlatform(): PlatformDefinition {
  const authToken = `${hexDigits(16)}-${hexDigits(16)}-${hexDigits(16)}`
  let sent = 0

  const api = (request: ApiRequest): ApiReply => {
    if (request.method !== 'POST' || request.path !== '/pa/send_message') return { status: 404 }
    if (request.headers['x-viber-auth-token'] !== authToken) return failed(2, 'invalidAuthToken')
    const body = jsonBody(request)
    const receiver = textIn(body, 'receiver')
    const text = textIn(body, 'text')
    if (body === undefined || request.body.length > 30_000) return failed(3, 'badData')
    if (receiver === undefined || textIn(body, 'sender', 'name') === undefined)
      return failed(4, 'missingData')
    if (textIn(body, 'type') !== 'text' || text === undefined || text === '') return failed(3, 'badData')
    const token = numbered('58', ++sent, 19)
    const answer = {
      status: 0,
      status_message: 'ok',
      message_token: token,
      chat_hostname: 'SN-CHAT-01_',
      billing_status: 1,
    }
    return {
      status: 200,
      headers: jsonType,
      body: withNumericToken(answer),
      shown: { place: receiver, text },
    }
  }

  return {
    credentials: apiUrl => ({ authToken, senderName: 'Simulated', apiRoot: `${apiUrl}/pa` }),
    wrongCredentials: apiUrl => ({
      authToken: hexDigits(48),
      senderName: 'Simulated',
      apiRoot: `${apiUrl}/pa`,
    }),
    placeOf: userOf,
    call({ said: [{ chat, text, number, atMs }] }) {
      const event = {
        event: 'message',
        timestamp: atMs,
        chat_hostname: 'SN-CHAT-01_',
        message_token: numbered('57', number, 19),
        sender: { id: userOf(chat), name: `User ${chat}`, language: 'en', country: 'DE', api_version: 10 },
        message: { text, type: 'text' },
        silent: false,
      }
      return jsonCall(withNumericToken(event), body => ({
        'x-viber-content-signature': hmacSha256(authToken, body).toString('hex'),
      }))
    },
    accepts: ({ status }) => status === 200,
    retryDelaySeconds: delaysOf(0, 30, 120, 300, 600, 1_200, 1_350),
    allowance: {},
    api,
  }
}

/** Errors are answered 200 too: the status in the body decides. */
function failed(status: number, message: string): ApiReply {
  return { status: 200, body: { status, status_message: message } }
}

const jsonType = { 'content-type': 'application/json' }

/**
 * Tokens are numbers beyond 2^53, which no number of ours can hold: their digits are written without the
 * quotes.
 */
function withNumericToken(value: { readonly message_token: string }): string {
  return JSON.stringify(value).replace(/"message_token":"(\d+)"/, '"message_token":$1')
}
