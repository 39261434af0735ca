import { type ApiReply, type ApiRequest, jsonBody, textIn, throttled } from '../simulator/api-server.ts'
import { markdownAsShown } from '../simulator/markdown-as-shown.ts'
import { createSlidingWindows, type SlidingWindows } from '../simulator/sliding-windows.ts'
import { snowflake } from './snowflake.ts'

/** "Interaction tokens are valid for 15 minutes." */
const tokenLifeMs = 15 * 60 * 1000

const maxCharacters = 2_000

/** What the API knows its caller by. */
export interface DiscordApp {
  readonly applicationId: string
  readonly botToken: string
  /** What a text that was read of the command begins with: it is no part of what the user said. */
  readonly command: string
}

/** Discord's API, as far as texts into channels need it. */
export interface DiscordApi {
  /** An interaction was answered, so its webhook exists from now on. */
  acknowledge(token: string, channel: string, nowMs: number): void
  handle(request: ApiRequest): ApiReply
}

/** A route's own window, as the headers tell it. */
interface Bucket {
  readonly name: string
  readonly limit: number
  readonly ms: number
  readonly windows: SlidingWindows
}

function bucketOf(name: string, limit: number, ms: number): Bucket {
  return { name, limit, ms, windows: createSlidingWindows({ count: limit, ms }) }
}

/**
 * Creates the API: 50 requests a second of the bot, which interactions are outside of, and a bucket for every
 * webhook and channel.
 */
export function createDiscordApi({ applicationId, botToken, command }: DiscordApp): DiscordApi {
  const webhooks = new Map<string, { channel: string; untilMs: number }>()
  const ofWebhook = bucketOf('a1b2c3webhook', 5, 2_000)
  const ofChannel = bucketOf('d4e5f6channel', 5, 5_000)
  const ofBot = createSlidingWindows({ count: 50, ms: 1_000 })
  const nonces = new Map<string, object>()
  let sent = 0

  const write = (request: ApiRequest, channel: string, bucket: Bucket, counted: string): ApiReply => {
    const room = bucket.windows.take(counted, request.atMs)
    if ('waitMs' in room) return limited(room.waitMs, bucket)
    const headers = bucketHeaders(bucket, room.left, bucket.ms)
    const body = jsonBody(request)
    const content = textIn(body, 'content')
    if (content === undefined || content === '')
      return { ...failed(400, 50_006, 'Cannot send an empty message'), headers }
    if ([...content].length > maxCharacters) return { ...failed(400, 50_035, 'Invalid Form Body'), headers }
    const nonce = body?.enforce_nonce === true ? textIn(body, 'nonce') : undefined
    const before = nonce === undefined ? undefined : nonces.get(nonce)
    if (before !== undefined) return { status: 200, headers, body: before }
    const message = { id: snowflake(request.atMs, ++sent), channel_id: channel, content, type: 0 }
    if (nonce !== undefined) nonces.set(nonce, message)
    const seen = markdownAsShown(content)
    const text = seen.startsWith(command) ? seen.slice(command.length) : seen
    return { status: 200, headers, body: message, shown: { place: channel, text } }
  }

  return {
    acknowledge: (token, channel, nowMs) =>
      void webhooks.set(token, { channel, untilMs: nowMs + tokenLifeMs }),
    handle(request) {
      const { method, path, headers, atMs } = request
      if (!headers['user-agent']?.startsWith('DiscordBot ('))
        return failed(403, 40_333, 'internal network error')
      const [, application, token, original] =
        /^\/api\/v10\/webhooks\/(\d+)\/([^/]+?)(\/messages\/@original)?$/.exec(path) ?? []
      if (token !== undefined && method === (original === undefined ? 'POST' : 'DELETE')) {
        const webhook = webhooks.get(token)
        if (application !== applicationId || webhook === undefined)
          return failed(404, 10_015, 'Unknown Webhook')
        if (atMs > webhook.untilMs) return failed(401, 50_027, 'Invalid Webhook Token')
        // "Thinking" is taken away.
        return original === undefined ? write(request, webhook.channel, ofWebhook, token) : { status: 204 }
      }
      if (method === 'GET' && path === '/api/v10/users/@me') {
        if (headers.authorization !== `Bot ${botToken}`) return failed(401, 0, '401: Unauthorized')
        return { status: 200, body: { id: applicationId, username: 'simulated-bot', bot: true } }
      }
      const channel = /^\/api\/v10\/channels\/(\d+)\/messages$/.exec(path)?.[1]
      if (method !== 'POST' || channel === undefined) return failed(404, 0, '404: Not Found')
      if (headers.authorization !== `Bot ${botToken}`) return failed(401, 0, '401: Unauthorized')
      const room = ofBot.take('bot', atMs)
      return 'waitMs' in room ? limited(room.waitMs) : write(request, channel, ofChannel, channel)
    },
  }
}

/** Without a bucket it is the global limit. */
function limited(waitMs: number, bucket?: Bucket): ApiReply {
  const seconds = waitMs / 1000
  const scope = bucket === undefined ? { 'x-ratelimit-global': 'true' } : bucketHeaders(bucket, 0, waitMs)
  const who = {
    'retry-after': String(Math.ceil(seconds)),
    'x-ratelimit-scope': bucket === undefined ? 'global' : 'user',
  }
  const body = { message: 'You are being rate limited.', retry_after: seconds, global: bucket === undefined }
  return throttled({ status: 429, headers: { ...scope, ...who }, body })
}

function bucketHeaders({ name, limit }: Bucket, left: number, resetMs: number): Record<string, string> {
  return {
    'x-ratelimit-bucket': name,
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(Math.max(0, left)),
    'x-ratelimit-reset-after': String(resetMs / 1000),
    'x-ratelimit-reset': String((Date.now() + resetMs) / 1000),
  }
}

function failed(status: number, code: number, message: string): ApiReply {
  return { status, body: { message, code } }
}
