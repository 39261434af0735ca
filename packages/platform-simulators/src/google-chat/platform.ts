import { verify } from 'node:crypto'
import { createAccessTokens } from '../simulator/access-tokens.ts'
import {
  type ApiReply,
  type ApiRequest,
  formBody,
  jsonBody,
  textIn,
  throttled,
} from '../simulator/api-server.ts'
import { delaysOf, type PlatformDefinition, type Said } from '../simulator/definition.ts'
import { lettered, numbered } from '../simulator/ids.ts'
import { jsonCall } from '../simulator/json-call.ts'
import { shownMarkdown } from '../simulator/shown-markdown.ts'
import { createSigningKey } from '../simulator/signing-key.ts'
import { createSlidingWindows } from '../simulator/sliding-windows.ts'

/** The account that Chat calls as. */
const chatServiceAccount = 'chat@system.gserviceaccount.com'
const project = '123456789012'

const placeOf = (chat: number) => lettered('spaces/AAQA', chat, 18)

/**
 * Google Chat with the project's number as its audience: tokens signed by Chat itself, messages by a service
 * account; one message a second in a space, 3,000 a minute in the project.
 */
export function createPlatform(): PlatformDefinition {
  const key = createSigningKey()
  const account = createSigningKey()
  const stranger = createSigningKey()
  const client_email = `bot@simulated-${project}.iam.gserviceaccount.com`
  const tokens = createAccessTokens()
  const ofSpace = createSlidingWindows({ count: 1, ms: 1_000 })
  const ofProject = createSlidingWindows({ count: 3_000, ms: 60_000 })
  const requests = new Map<string, object>()
  let sent = 0

  const login = (request: ApiRequest): ApiReply => {
    const form = formBody(request)
    const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.')
    const given = Buffer.from(signature, 'base64url')
    const isSigned = verify('sha256', Buffer.from(`${head}.${claims}`), account.publicPem, given)
    if (isSigned && form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer')
      return tokens.issue()
    return { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } }
  }

  const create = (request: ApiRequest, place: string): ApiReply => {
    if (!tokens.isGood(request)) return failed(401, 'UNAUTHENTICATED')
    const body = jsonBody(request)
    const text = textIn(body, 'text')
    if (text === undefined || text === '') return failed(400, 'INVALID_ARGUMENT')
    const requestId = request.query.get('requestId')
    const before = requestId === null ? undefined : requests.get(requestId)
    if (before !== undefined) return { status: 200, body: before }
    for (const room of [ofSpace.take(place, request.atMs), ofProject.take(project, request.atMs)]) {
      if ('waitMs' in room) return throttled(failed(429, 'RESOURCE_EXHAUSTED'))
    }
    const message = { name: `${place}/messages/${lettered('B', ++sent, 11)}`, text }
    if (requestId !== null) requests.set(requestId, message)
    const isMarkdown = body?.markupSyntax === 'MARKUP_SYNTAX_MARKDOWN'
    return { status: 200, body: message, shown: { place, text: isMarkdown ? shownMarkdown(text) : text } }
  }

  const credentialsOf = (url: string, private_key: string) => ({
    audience: project,
    serviceAccount: { client_email, private_key },
    certsUrl: `${url}/certs`,
    tokenUrl: `${url}/token`,
    apiRoot: url,
  })
  return {
    credentials: url => credentialsOf(url, account.privatePem),
    wrongCredentials: url => credentialsOf(url, stranger.privatePem),
    placeOf,
    call({ said: [said] }) {
      const token = key.token({ iss: chatServiceAccount, aud: project })
      return jsonCall(eventOf(said), () => ({
        authorization: `Bearer ${token}`,
        'user-agent': 'Google-Dynamite',
      }))
    },
    accepts: ({ status, body }) => status === 200 && /^\s*\{\s*\}\s*$/.test(body),
    // Nothing is published; one more try at once is taken for possible.
    retryDelaySeconds: delaysOf(0),
    allowance: { perChat: { burst: 1, perSecond: 0.9 }, perMinute: 2_900 },
    api(request) {
      const { method, path } = request
      if (path === '/certs') return { status: 200, body: { [key.id]: key.publicPem } }
      if (method === 'POST' && path === '/token') return login(request)
      const [, place] = /^\/v1\/(spaces\/\w+)\/messages$/.exec(path) ?? []
      return method === 'POST' && place !== undefined ? create(request, place) : failed(404, 'NOT_FOUND')
    },
  }
}

/** An interaction event in the classic format. */
function eventOf({ chat, text, number, atMs }: Said): object {
  const at = new Date(atMs).toISOString()
  const user = { name: `users/${numbered('10', chat, 21)}`, displayName: `User ${chat}`, type: 'HUMAN' }
  const space = { name: placeOf(chat), type: 'DM', singleUserBotDm: true, spaceType: 'DIRECT_MESSAGE' }
  const id = lettered('M', number, 11)
  const message = {
    name: `${space.name}/messages/${id}.${id}`,
    sender: user,
    createTime: at,
    text,
    thread: { name: `${space.name}/threads/${id}` },
    space,
    argumentText: text,
  }
  return { type: 'MESSAGE', eventTime: at, message, user, space }
}

function failed(code: number, status: string): ApiReply {
  return { status: code, body: { error: { code, message: status, status } } }
}
