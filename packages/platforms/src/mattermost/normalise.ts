import { hash } from 'node:crypto'
import type { BotIdentity } from '@botyard/queue-contracts'
import { Type } from 'typebox'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { isForm, jsonOfForm, readForm } from '../http/form-fields.ts'
import { compileShape } from '../json/compile-shape.ts'
import { parseJson } from '../json/parse-json.ts'
import { idAt, textAt } from '../json/value-at.ts'
import { kindOfText } from '../text/kind-of-text.ts'

const checkBody = compileShape(Type.Object({}))

/** Below it a time stamp is in seconds: as milliseconds it would be before March 1973. */
const leastMs = 1e11

/** The two calls that the server makes by itself. */
export const mattermostEvents: ReadonlySet<string> = new Set(['outgoing_webhook', 'slash_command'])

/**
 * Reads one post of an outgoing webhook, or one slash command; both come as a form or as JSON. The server
 * calls for what a bot's account posts as well, so such posts are `other`.
 */
export function normaliseMattermost(
  request: Pick<WebhookRequest, 'headers' | 'body'>,
  self?: BotIdentity,
): NormalisedUpdate[] {
  const raw = isForm(request) ? jsonOfForm(readForm(request.body)) : request.body
  const payload = checkBody(parseJson(raw))
  const team = textAt(payload, 'team_id')
  const channel = textAt(payload, 'channel_id')
  const user = textAt(payload, 'user_id')
  const post = textAt(payload, 'post_id')
  const command = textAt(payload, 'command')
  const written = textAt(payload, 'text')
  const text =
    command === undefined ? written : [command, written].filter(part => part !== undefined).join(' ')
  const sentAtMs = msOf(idAt(payload, 'timestamp'))
  const isPost = post !== undefined || text !== undefined
  const isOwn = user !== undefined && user === self?.user
  return [
    {
      id: post ?? textAt(payload, 'trigger_id') ?? hash('sha256', request.body, 'hex'),
      ...((command !== undefined || isPost) && {
        event: command === undefined ? 'outgoing_webhook' : 'slash_command',
      }),
      kind: isOwn ? 'other' : command !== undefined ? 'command' : isPost ? kindOfText(text) : 'other',
      conversation: conversationOf(team, channel, user),
      ...(user !== undefined && { user }),
      ...(isOwn && { fromBot: true }),
      ...(text !== undefined && { text }),
      ...(team !== undefined && { tenant: team }),
      ...(channel !== undefined && { route: { channel, ...(post !== undefined && { post }) } }),
      ...(sentAtMs !== undefined && { sentAtMs }),
      raw,
    },
  ]
}

function conversationOf(
  team: string | undefined,
  channel: string | undefined,
  user: string | undefined,
): string {
  if (channel !== undefined) return team === undefined ? channel : `${team}/${channel}`
  return user === undefined ? 'bot' : `user:${user}`
}

/** The server's code sends milliseconds, its documentation shows seconds. */
function msOf(timestamp: string | undefined): number | undefined {
  const time = timestamp === undefined || !/^\d{1,15}$/.test(timestamp) ? 0 : Number(timestamp)
  if (time === 0) return undefined
  return time < leastMs ? time * 1000 : time
}
