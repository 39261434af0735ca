import { randomBytes } from 'node:crypto'
import {
  type ApiReply,
  type ApiRequest,
  hasBearer,
  jsonBody,
  textIn,
  throttled,
} from '../simulator/api-server.ts'
import { delaysOf, type PlatformDefinition, type Said } from '../simulator/definition.ts'
import { hexDigits, lettered, numbered } from '../simulator/ids.ts'
import { hmacSha256, jsonCall } from '../simulator/json-call.ts'
import { createSlidingWindows } from '../simulator/sliding-windows.ts'
import { createReplyTokens } from './reply-tokens.ts'

/** A call sends up to five messages, and each text holds up to so many UTF-16 code units. */
const maxMessages = 5
const maxCharacters = 5_000

/** Every fourth chat is a group. */
const isGroup = (chat: number) => chat % 4 === 3
const placeOf = (chat: number) => lettered(isGroup(chat) ? 'C' : 'U', chat, 33, 16)
const userOf = (chat: number) => lettered('U', isGroup(chat) ? chat + 0x10000000 : chat, 33, 16)

/**
 * LINE's Messaging API: batches of events of several chats, redelivery switched on (its schedule is not
 * published), reply tokens of one use, retry keys, 2,000 calls a second of each endpoint.
 */
export function createPlatform(): PlatformDefinition {
  const destination = `U${hexDigits(32)}`
  const channelSecret = hexDigits(32)
  const channelAccessToken = randomBytes(96).toString('base64')
  const tokens = createReplyTokens()
  const retryKeys = new Map<string, object>()
  const windows = createSlidingWindows({ count: 2_000, ms: 1_000 })
  let sent = 0

  const eventOf = ({ chat, text, number, atMs }: Said, isRedelivery: boolean) => {
    const replyToken = lettered('', number, 32)
    tokens.give(replyToken, placeOf(chat), Date.now())
    return {
      type: 'message',
      message: {
        type: 'text',
        id: numbered('5', number, 18),
        quoteToken: lettered('q3Plxr4AgKd', number, 40),
        text,
      },
      // A ULID, of the alphabet that every base below 32 shares with Crockford's.
      webhookEventId: lettered('01', number, 26, 10).toUpperCase(),
      deliveryContext: { isRedelivery },
      timestamp: atMs,
      source: isGroup(chat)
        ? { type: 'group', groupId: placeOf(chat), userId: userOf(chat) }
        : { type: 'user', userId: placeOf(chat) },
      replyToken,
      mode: 'active',
    }
  }

  const api = (request: ApiRequest): ApiReply => {
    if (!hasBearer(request, channelAccessToken)) {
      return refused(
        401,
        'Authentication failed. Confirm that the access token in the authorization header is valid.',
      )
    }
    if (request.method === 'GET' && request.path === '/v2/bot/info') {
      return { status: 200, body: { userId: destination, basicId: '@216ru0000', displayName: 'Simulated' } }
    }
    const endpoint = /^\/v2\/bot\/message\/(reply|push)$/.exec(request.path)?.[1]
    if (request.method !== 'POST' || endpoint === undefined) return refused(404, 'Not found')
    if ('waitMs' in windows.take(endpoint, request.atMs)) {
      return throttled(refused(429, 'The API rate limit has been exceeded. Try again later.'))
    }
    const body = jsonBody(request)
    const messages = body?.messages
    const texts = Array.isArray(messages) ? messages.map(message => textIn(message, 'text')) : []
    if (texts.length === 0 || texts.length > maxMessages || !texts.every(isText)) {
      return refused(400, 'The request body has 1 error(s)')
    }
    const key = request.headers['x-line-retry-key']
    if (endpoint === 'reply') {
      if (key !== undefined) return refused(400, 'The retry key is not allowed for this API')
      const place = tokens.use(textIn(body, 'replyToken') ?? '', request.atMs)
      return place === undefined ? refused(400, 'Invalid reply token') : taken(place, texts)
    }
    const before = typeof key === 'string' ? retryKeys.get(key) : undefined
    if (before !== undefined) {
      return { status: 409, body: { message: 'The retry key is already accepted', ...before } }
    }
    const to = textIn(body, 'to')
    if (to === undefined || !/^[UCR][0-9a-f]{32}$/.test(to))
      return refused(400, "The property, 'to', is invalid")
    const reply = taken(to, texts)
    if (typeof key === 'string') retryKeys.set(key, reply.body as object)
    return reply
  }

  const taken = (place: string, texts: readonly string[]): ApiReply => {
    const sentMessages = texts.map(() => {
      sent++
      return { id: numbered('6', sent, 18), quoteToken: lettered('yHAz4Ua2wx7', sent, 40) }
    })
    return { status: 200, body: { sentMessages }, shown: texts.map(text => ({ place, text })) }
  }

  return {
    credentials: apiRoot => ({ channelSecret, channelAccessToken, apiRoot }),
    wrongCredentials: apiRoot => ({ channelSecret, channelAccessToken: 'wrong', apiRoot }),
    placeOf,
    call({ said, attempt }) {
      const events = said.map(text => eventOf(text, attempt > 1))
      return jsonCall({ destination, events }, body => ({
        'x-line-signature': hmacSha256(channelSecret, body).toString('base64'),
        'user-agent': 'LineBotWebhook/2.0',
      }))
    },
    batch: { max: 20, gatherMs: 10 },
    accepts: () => true,
    retryDelaySeconds: delaysOf(0, 10, 60, 300, 600),
    allowance: {},
    api,
  }
}

/** "Max: 5000 character limit", counted in UTF-16 code units. */
function isText(text: string | undefined): text is string {
  return text !== undefined && text !== '' && text.length <= maxCharacters
}

function refused(status: number, message: string): ApiReply {
  return { status, body: { message } }
}
