import { type ApiReply, type ApiRequest, hasBearer, jsonBody, textIn } from '../simulator/api-server.ts'
import { never, type PlatformDefinition } from '../simulator/definition.ts'
import { hexDigits, lettered } from '../simulator/ids.ts'
import { formCall } from '../simulator/json-call.ts'
import { shownMarkdown } from '../simulator/shown-markdown.ts'

const idOf = (head: string, number: number) => lettered(head, number, 26)
const placeOf = (chat: number) => idOf('channel', chat)

const bot = { id: idOf('bot', 1), username: 'simulated', is_bot: true }

/**
 * A Mattermost server as it is installed: outgoing webhooks as forms, which it sends once, also of the bot's
 * own posts; posts by a bot account, no rate limits (they are off unless an administrator turns them on).
 */
export function createPlatform(): PlatformDefinition {
  const token = hexDigits(26)
  const botToken = hexDigits(26)
  const pending = new Map<string, object>()
  let sent = 0

  const api = (request: ApiRequest): ApiReply => {
    if (!hasBearer(request, botToken)) return failed(401, 'api.context.session_expired.app_error')
    if (request.method === 'GET' && request.path === '/api/v4/users/me') return { status: 200, body: bot }
    if (request.method !== 'POST' || request.path !== '/api/v4/posts')
      return failed(404, 'api.context.404.app_error')
    const body = jsonBody(request)
    const channel_id = textIn(body, 'channel_id')
    const message = textIn(body, 'message')
    if (channel_id === undefined || !/^[a-z0-9]{26}$/.test(channel_id))
      return failed(400, 'api.context.invalid_body_param.app_error')
    if (message === undefined || message === '') return failed(400, 'model.post.is_valid.msg.app_error')
    const pendingId = textIn(body, 'pending_post_id')
    const before = pendingId === undefined ? undefined : pending.get(pendingId)
    if (before !== undefined) return { status: 201, body: before }
    const post = {
      id: idOf('reply', ++sent),
      user_id: bot.id,
      channel_id,
      message,
      pending_post_id: pendingId ?? '',
    }
    if (pendingId !== undefined) pending.set(pendingId, post)
    return { status: 201, body: post, shown: { place: channel_id, text: shownMarkdown(message) } }
  }

  return {
    credentials: url => ({ token, url, botToken }),
    wrongCredentials: url => ({ token, url, botToken: 'wrong' }),
    placeOf,
    bringsOwn: true,
    call: ({ said: [{ chat, text, number, atMs, as }] }) =>
      formCall(
        new URLSearchParams({
          token,
          team_id: idOf('team', 1),
          team_domain: 'simulated',
          channel_id: placeOf(chat),
          channel_name: `channel-${chat}`,
          timestamp: String(atMs),
          user_id: as === 'own' ? bot.id : idOf('user', chat),
          user_name: as === 'own' ? bot.username : `user${chat}`,
          post_id: idOf('post', number),
          text,
          trigger_word: text.split(' ', 1)[0]!,
          file_ids: '',
        }),
        { accept: 'application/json', 'user-agent': 'mattermost-10.0.0' },
      ),
    // The answer is read as a reply, so it has to be JSON.
    accepts: ({ body }) => body.trimStart().startsWith('{'),
    retryDelaySeconds: never,
    allowance: {},
    api,
  }
}

function failed(status_code: number, id: string): ApiReply {
  return { status: status_code, body: { id, message: id, request_id: hexDigits(26), status_code } }
}
