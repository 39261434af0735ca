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
import { hexDigits, numbered } from '../simulator/ids.ts'
import { hmacSha256, jsonCall } from '../simulator/json-call.ts'
import { shownMarkdown } from '../simulator/shown-markdown.ts'
import { createSlidingWindows } from '../simulator/sliding-windows.ts'

/** Chats are issues of three repositories in turn. */
const repositories = 3
const repositoryOf = (chat: number) => `simulated/repository-${chat % repositories}`
const issueOf = (chat: number) => chat + 1

const hourMs = 3_600_000

/**
 * The account whose token the bot writes with: an ordinary one, so that its comments look like a person's.
 */
const bot = { login: 'simulated-bot', id: 20_999_999, type: 'User', site_admin: false }

/**
 * GitHub: comments on issues, the bot's own among them. Nothing is sent again by itself: here somebody
 * presses "Redeliver" once. 80 comments a minute and 500 an hour, beyond which the secondary limit answers
 * 403; 5,000 requests an hour.
 */
export function createPlatform(): PlatformDefinition {
  const webhookSecret = hexDigits(40)
  const token = `ghp_${randomBytes(18).toString('hex')}`
  const content = createSlidingWindows({ count: 80, ms: 60_000 }, { count: 500, ms: hourMs })
  const requests = createSlidingWindows({ count: 5_000, ms: hourMs })
  let sent = 0

  const api = (request: ApiRequest): ApiReply => {
    if (request.headers['user-agent'] === undefined)
      return { status: 403, body: 'Request forbidden by administrative rules.' }
    if (!hasBearer(request, token)) return failed(401, 'Bad credentials')
    if (request.method === 'GET' && request.path === '/user') return { status: 200, body: bot }
    const [, repository, issue] =
      /^\/repos\/([\w.-]+\/[\w.-]+)\/issues\/(\d+)\/comments$/.exec(request.path) ?? []
    if (request.method !== 'POST' || repository === undefined) return failed(404, 'Not Found')
    const text = textIn(jsonBody(request), 'body')
    if (text === undefined || text === '') return failed(422, 'Validation Failed')
    const hour = requests.take('token', request.atMs)
    const left = 'waitMs' in hour ? 0 : hour.left
    const headers = {
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': String(left),
      'x-ratelimit-reset': String(Math.ceil((request.atMs + hourMs) / 1000)),
    }
    if ('waitMs' in hour) return throttled({ ...failed(403, 'API rate limit exceeded'), headers })
    if ('waitMs' in content.take('token', request.atMs)) {
      const said =
        'You have exceeded a secondary rate limit and have been temporarily blocked from content creation.'
      return throttled({ ...failed(403, said), headers: { ...headers, 'retry-after': '60' } })
    }
    return {
      status: 201,
      headers,
      body: { id: 700_000_000 + ++sent, body: text, user: bot },
      shown: { place: `${repository}#${issue}`, text: shownMarkdown(text) },
    }
  }

  return {
    credentials: apiRoot => ({ webhookSecret, token, apiRoot }),
    wrongCredentials: apiRoot => ({ webhookSecret, token: 'ghs_wrong', apiRoot }),
    placeOf: chat => `${repositoryOf(chat)}#${issueOf(chat)}`,
    call({ said: [said] }) {
      return jsonCall(eventOf(said), body => ({
        'x-github-event': 'issue_comment',
        'x-github-delivery': `72d3162e-cc78-11e3-81ab-${numbered('', said.number, 12)}`,
        'x-github-hook-id': '292430182',
        'x-hub-signature-256': `sha256=${hmacSha256(webhookSecret, body).toString('hex')}`,
        'user-agent': 'GitHub-Hookshot/044aadd',
      }))
    },
    bringsOwn: true,
    accepts: () => true,
    retryDelaySeconds: delaysOf(0),
    allowance: { perMinute: 75, maxPauseSeconds: 60 },
    api,
  }
}

function eventOf({ chat, text, number, atMs, as }: Said): object {
  const repository = repositoryOf(chat)
  const at = new Date(atMs).toISOString()
  const opener = { login: `user${chat}`, id: 21_000_000 + chat, type: 'User', site_admin: false }
  const user = as === 'own' ? bot : opener
  return {
    action: 'created',
    issue: {
      id: 444_500_000 + chat,
      number: issueOf(chat),
      title: `Issue of chat ${chat}`,
      user: opener,
      state: 'open',
    },
    comment: {
      id: 492_700_000 + number,
      user,
      created_at: at,
      updated_at: at,
      author_association: 'NONE',
      body: text,
    },
    repository: {
      id: 186_853_000 + (chat % repositories),
      name: repository.split('/')[1],
      full_name: repository,
      private: false,
    },
    sender: user,
  }
}

function failed(status: number, message: string): ApiReply {
  return { status, body: { message, documentation_url: 'https://docs.github.com/rest' } }
}
