import { randomBytes, timingSafeEqual } from 'node:crypto'
import { type ApiReply, type ApiRequest, jsonBody, textIn } from '../simulator/api-server.ts'
import { delaysOf, type PlatformDefinition } from '../simulator/definition.ts'
import { hmacSha256, jsonCall } from '../simulator/json-call.ts'

/**
 * Something of the operator's own that speaks Standard Webhooks both ways, with the specification's example
 * schedule. A reply that came before is shown again, as the books shall see it.
 */
export function createPlatform(): PlatformDefinition {
  const key = randomBytes(32)
  const idOf = (number: number) => `msg_${String(number).padStart(12, '0')}`
  const credentialsOf = (secret: Buffer, apiUrl: string) => ({
    secret: `whsec_${secret.toString('base64')}`,
    replyUrl: `${apiUrl}/replies`,
  })
  const sign = (id: string, timestamp: string, body: Buffer) =>
    `v1,${hmacSha256(key, `${id}.${timestamp}.`, body).toString('base64')}`

  const isSigned = ({ headers, body }: ApiRequest): boolean => {
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': given } = headers
    if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof given !== 'string') return false
    const expected = Buffer.from(sign(id, timestamp, body))
    return given.length === expected.length && timingSafeEqual(Buffer.from(given), expected)
  }

  return {
    credentials: apiUrl => credentialsOf(key, apiUrl),
    wrongCredentials: apiUrl => credentialsOf(randomBytes(32), apiUrl),
    placeOf: chat => `room-${chat}`,
    call({ said: [{ chat, text, number }] }) {
      const timestamp = String(Math.floor(Date.now() / 1000))
      const message = { id: idOf(number), conversation: `room-${chat}`, user: `user-${chat}`, text }
      return jsonCall(message, body => ({
        'webhook-id': idOf(number),
        'webhook-timestamp': timestamp,
        'webhook-signature': sign(idOf(number), timestamp, body),
      }))
    },
    accepts: () => true,
    retryDelaySeconds: delaysOf(5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400),
    allowance: {},
    api(request): ApiReply {
      if (request.path !== '/replies') return { status: 404 }
      if (!isSigned(request)) return { status: 401 }
      const reply = jsonBody(request)
      const place = textIn(reply, 'conversation')
      const text = textIn(reply, 'text')
      if (place === undefined || text === undefined) return { status: 400 }
      return { status: 200, shown: { place, text } }
    },
  }
}
