import type { AppMentionEvent, GenericMessageEvent } from '@slack/types'
import {
  type ApiReply,
  type ApiRequest,
  hasBearer,
  jsonBody,
  textIn,
  throttled,
} from '../simulator/api-server.ts'
import { delaysOf, type PlatformDefinition, type Said } from '../simulator/definition.ts'
import { hexDigits, lettered } from '../simulator/ids.ts'
import { hmacSha256, jsonCall } from '../simulator/json-call.ts'
import { createSlidingWindows } from '../simulator/sliding-windows.ts'
import type { WebhookOutcome } from '../simulator/webhook-call.ts'

const teamId = 'T0SIMULATED'
const bot = { user_id: 'U0SIMBOT', bot_id: 'B0SIMBOT' }
const app = 'A0SIMAPP'
/** What a text that mentions the bot begins with. */
const mentionOfBot = `<@${bot.user_id}> `
const placeOf = (chat: number) => lettered('C', chat, 11).toUpperCase()

/**
 * Slack's Events API in one workspace: messages of channels, of which every second mentions the bot and comes
 * by two events, and the bot's own posts; three retries with their headers; chat.postMessage at one a second
 * in a channel with short bursts, and a cap of the workspace, of whose size Slack says no more than "several
 * hundred a minute".
 */
export function createPlatform(): PlatformDefinition {
  const signingSecret = hexDigits(32)
  const botToken = `xoxb-${hexDigits(12)}-${hexDigits(24)}`
  const ofChannel = createSlidingWindows({ count: 5, ms: 1_000 }, { count: 63, ms: 60_000 })
  const ofWorkspace = createSlidingWindows({ count: 600, ms: 60_000 })
  let sent = 0

  const api = (request: ApiRequest): ApiReply => {
    const method = /^\/api\/(auth\.test|chat\.postMessage)$/.exec(request.path)?.[1]
    if (request.method !== 'POST' || method === undefined) return failed('unknown_method')
    if (!hasBearer(request, botToken)) return failed('invalid_auth')
    if (method === 'auth.test') {
      const team = { url: 'https://simulated.slack.com/', team: 'Simulated', team_id: teamId }
      return {
        status: 200,
        body: { ok: true, ...team, user: 'simulated', ...bot, is_enterprise_install: false },
      }
    }
    const body = jsonBody(request)
    const channel = textIn(body, 'channel')
    const text = textIn(body, 'text')
    if (channel === undefined || !/^C\w{10}$/.test(channel)) return failed('channel_not_found')
    if (text === undefined || text === '') return failed('no_text')
    for (const room of [ofChannel.take(channel, request.atMs), ofWorkspace.take(teamId, request.atMs)]) {
      if (!('waitMs' in room)) continue
      const headers = { 'retry-after': String(Math.ceil(room.waitMs / 1000)) }
      return throttled({ status: 429, headers, body: { ok: false, error: 'ratelimited' } })
    }
    const ts = timeStamp(request.atMs, ++sent)
    const message = {
      type: 'message',
      user: bot.user_id,
      bot_id: bot.bot_id,
      app_id: app,
      team: teamId,
      text,
      ts,
    }
    // A bot that repeats the mention repeats it as characters.
    const shown = unescaped(text)
    const said = shown.startsWith(mentionOfBot) ? shown.slice(mentionOfBot.length) : shown
    return { status: 200, body: { ok: true, channel, ts, message }, shown: { place: channel, text: said } }
  }

  return {
    credentials: apiUrl => ({ signingSecret, botToken, apiRoot: `${apiUrl}/api` }),
    wrongCredentials: apiUrl => ({ signingSecret, botToken: 'xoxb-wrong', apiRoot: `${apiUrl}/api` }),
    placeOf,
    isMention,
    bringsOwn: true,
    call({ said: [said], attempt, last }) {
      const timestamp = String(Math.floor(Date.now() / 1000))
      const { number, atMs } = said
      const callback = {
        token: 'deprecated',
        team_id: teamId,
        api_app_id: app,
        event: eventOf(said),
        type: 'event_callback',
        event_id: lettered(said.as === 'mention' ? 'Em' : 'Ev', number, 11).toUpperCase(),
        event_time: Math.floor(atMs / 1000),
        authorizations: [
          { team_id: teamId, user_id: bot.user_id, is_bot: true, is_enterprise_install: false },
        ],
      }
      return jsonCall(callback, body => ({
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${hmacSha256(signingSecret, `v0:${timestamp}:`, body).toString('hex')}`,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        ...(attempt > 1 && {
          'x-slack-retry-num': String(attempt - 1),
          'x-slack-retry-reason': reasonOf(last),
        }),
      }))
    },
    accepts: () => true,
    retryDelaySeconds: delaysOf(0, 60, 300),
    allowance: { perChat: { burst: 3, perSecond: 0.9 }, perMinute: 550, maxPauseSeconds: 60 },
    api,
  }
}

function isMention({ number }: Said): boolean {
  return number % 2 === 0
}

/**
 * `message`, which is sent for every post in the channel, or `app_mention`, which has no type of the channel.
 */
function eventOf(said: Said): AppMentionEvent | GenericMessageEvent {
  const { chat, text, number, atMs, as } = said
  const ts = timeStamp(atMs, number)
  const author =
    as === 'own'
      ? { user: bot.user_id, bot_id: bot.bot_id, app_id: app }
      : { user: lettered('U', chat, 11).toUpperCase() }
  const mention = as !== 'own' && isMention(said) ? mentionOfBot : ''
  const message = {
    ...author,
    ts,
    text: mention + escaped(text),
    team: teamId,
    channel: placeOf(chat),
    event_ts: ts,
  }
  if (as === 'mention') return { type: 'app_mention', ...message }
  return { type: 'message', subtype: undefined, channel_type: 'channel', ...message }
}

function timeStamp(atMs: number, number: number): string {
  return `${Math.floor(atMs / 1000)}.${String(number % 1_000_000).padStart(6, '0')}`
}

/** Errors are answered 200. */
function failed(error: string): ApiReply {
  return { status: 200, body: { ok: false, error } }
}

function reasonOf(last: WebhookOutcome | undefined): string {
  if (last?.kind === 'answered') return 'http_error'
  return last?.kind === 'failed' && last.reason.includes('TIMEOUT') ? 'http_timeout' : 'connection_failed'
}

/** "Escaping text": Slack keeps these three characters for its own marks. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
