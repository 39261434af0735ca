import { type ApiReply, type ApiRequest, formBody, hasBasic, throttled } from '../simulator/api-server.ts'
import type { PlatformDefinition, Said } from '../simulator/definition.ts'
import { hexDigits } from '../simulator/ids.ts'
import { jsonCall } from '../simulator/json-call.ts'
import { createSlidingWindows } from '../simulator/sliding-windows.ts'

const bot = { email: 'simulated-bot@chat.example', id: 25 }
const user = 1_000

/** Every third chat is with one user alone, the others are topics of ten channels. */
const isDirect = (chat: number) => chat % 3 === 0
const channelOf = (chat: number) => 7 + (chat % 10)
const topicOf = (chat: number) => `topic ${chat} / of many`

/**
 * Zulip's outgoing webhooks in its own format; 200 requests a minute of a user, as its servers are set up.
 */
export function createPlatform(): PlatformDefinition {
  const token = hexDigits(32)
  const apiKey = hexDigits(32)
  const windows = createSlidingWindows({ count: 200, ms: 60_000 })
  let sent = 0

  const api = (request: ApiRequest): ApiReply => {
    if (!hasBasic(request, bot.email, apiKey)) return failed(401, 'UNAUTHORIZED', 'Invalid API key')
    if (request.method === 'GET' && request.path === '/api/v1/users/me') {
      return {
        status: 200,
        body: { result: 'success', msg: '', user_id: bot.id, full_name: 'Simulated', is_bot: true },
      }
    }
    if (request.method !== 'POST' || request.path !== '/api/v1/messages')
      return failed(404, 'BAD_REQUEST', 'Not found')
    const room = windows.take(bot.email, request.atMs)
    if ('waitMs' in room) {
      const seconds = room.waitMs / 1000
      const body = {
        result: 'error',
        code: 'RATE_LIMIT_HIT',
        msg: 'API usage exceeded rate limit',
        'retry-after': seconds,
      }
      return throttled({ status: 429, headers: { 'retry-after': String(seconds) }, body })
    }
    const form = formBody(request)
    const text = form.get('content')
    if (text === null || text.trim() === '') return failed(400, 'BAD_REQUEST', 'Message must not be empty')
    const to = form.get('to') ?? ''
    const place = form.get('type') === 'stream' ? `${to}/${form.get('topic')}` : to
    return {
      status: 200,
      body: { result: 'success', msg: '', id: 900_000 + ++sent },
      shown: { place, text: asShown(text) },
    }
  }

  return {
    credentials: apiRoot => ({ token, botEmail: bot.email, apiKey, apiRoot }),
    wrongCredentials: apiRoot => ({ token, botEmail: bot.email, apiKey: 'wrong', apiRoot }),
    placeOf: chat =>
      isDirect(chat) ? JSON.stringify([bot.id, user + chat]) : `${channelOf(chat)}/${topicOf(chat)}`,
    call: ({ said: [said] }) =>
      jsonCall({
        bot_email: bot.email,
        bot_full_name: 'Simulated',
        data: said.text,
        message: messageOf(said),
        token,
        trigger: isDirect(said.chat) ? 'direct_message' : 'mention',
      }),
    // Anything else would be taken for a failure of the bot.
    accepts: ({ body }) => /"response_not_required"\s*:\s*true|"content"/.test(body),
    // Three retries at most, after time-outs and 5xx.
    retryDelaySeconds: (failures, outcome) =>
      failures > 3 || (outcome.kind === 'answered' && outcome.status < 500) ? undefined : 2 * (failures - 1),
    allowance: { perMinute: 190, maxPauseSeconds: 60 },
    api,
  }
}

function messageOf({ chat, text, number, atMs }: Said): object {
  const sender = {
    sender_id: user + chat,
    sender_email: `user${chat}@chat.example`,
    sender_full_name: `User ${chat}`,
  }
  const where = isDirect(chat)
    ? {
        type: 'private',
        display_recipient: [
          { id: bot.id, email: bot.email },
          { id: user + chat, email: sender.sender_email },
        ],
        subject: '',
      }
    : { type: 'stream', display_recipient: 'Verona', stream_id: channelOf(chat), subject: topicOf(chat) }
  return {
    id: number,
    content: text,
    timestamp: Math.floor(atMs / 1000),
    client: 'website',
    sender_realm_str: 'chat',
    reactions: [],
    recipient_id: 20,
    ...sender,
    ...where,
  }
}

/** Zulip's Markdown has no escapes but HTML's entities. */
function asShown(text: string): string {
  return text
    .replaceAll('&nbsp;', ' ')
    .replace(/&#(\d{1,4});/g, (_all, code: string) => String.fromCodePoint(Number(code)))
}

function failed(status: number, code: string, msg: string): ApiReply {
  return { status, body: { result: 'error', code, msg } }
}
