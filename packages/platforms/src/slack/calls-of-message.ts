import type { OutboundMessage } from '@botyard/queue-contracts'
import { defaultApiRoot } from './api.ts'
import { escapedText } from './typed-text.ts'

/** A message as far as it says how it goes. */
export type SlackMessage = Pick<
  OutboundMessage,
  'conversation' | 'action' | 'text' | 'native' | 'message' | 'user' | 'route' | 'receivedAtMs'
>

/** How a message goes: by a method of the Web API, or by the url that Slack gave with the update. */
export interface MessageCall {
  readonly method: 'chat.postMessage' | 'chat.update' | 'response_url'
  readonly url: string
  readonly body: Readonly<Record<string, unknown>>
}

/** Response urls are good for 30 minutes and five posts; what is nearly over is not tried. */
const urlLifeMs = 29 * 60 * 1000

/** Members of a message that only a response url understands: a message with one of them asks for it. */
const onlyByUrl = ['response_type', 'replace_original', 'delete_original']

/**
 * The calls that send a message, the first to be tried first; or a sentence why there is none. With a token
 * the bot posts; where it is no member, and without a token, the response url answers, for everybody to see
 * unless the message says otherwise.
 */
export function callsOf(
  message: SlackMessage,
  hasToken: boolean,
  apiRoot = defaultApiRoot,
): readonly [MessageCall, ...MessageCall[]] | string {
  if (message.action === 'typing') return 'Slack shows no typing of bots'
  const responseUrl = liveUrl(message, apiRoot)
  const api = (method: 'chat.postMessage' | 'chat.update', body: MessageCall['body']): MessageCall => ({
    method,
    url: `${apiRoot.replace(/\/+$/, '')}/${method}`,
    body,
  })
  const byUrl = (body: MessageCall['body']): MessageCall[] =>
    responseUrl === undefined ? [] : [{ method: 'response_url', url: responseUrl, body }]
  const channel = channelOf(message)
  // The marks of bold and the like have no escapes; `chat.update` alone knows no member to take them for
  // characters.
  const said: Record<string, unknown> = message.native ?? {
    text: escapedText(message.text ?? ''),
    mrkdwn: false,
  }

  if (message.action === 'edit') {
    const ts = message.message ?? message.route?.message
    const replace =
      ts !== undefined && ts === message.route?.message ? byUrl({ replace_original: true, ...said }) : []
    const update =
      hasToken && channel !== undefined && ts !== undefined
        ? [api('chat.update', { channel, ts, ...(message.native ?? { text: said.text }) })]
        : []
    // Nobody but the response url reaches a message that one user alone sees.
    const isSecret = message.route?.ephemeral === 'true'
    const calls = isSecret ? [...replace, ...update] : update.length > 0 ? update : replace
    return atLeastOne(calls) ?? (ts === undefined ? 'name the message to edit by its ts' : whyNot(channel))
  }

  const thread = message.route?.thread_ts
  const inThread = thread === undefined ? {} : { thread_ts: thread }
  const answer = byUrl({ response_type: 'in_channel', replace_original: false, ...inThread, ...said })
  if (onlyByUrl.some(name => name in said))
    return atLeastOne(answer) ?? 'the response url is over, or there was none'
  const to = said.channel ?? channel
  const post =
    hasToken && to !== undefined ? [api('chat.postMessage', { channel: to, ...inThread, ...said })] : []
  return atLeastOne([...post, ...answer]) ?? whyNot(channel)
}

/** The channel to answer in; a user's id stands for the direct messages with them. */
export function channelOf({
  conversation,
  user,
  route,
}: Pick<SlackMessage, 'conversation' | 'user' | 'route'>) {
  if (route?.channel !== undefined) return route.channel
  const [, channel, ofUser, isView] =
    /^(?:[TE]\w*:)?(?:([A-Z]\w+)|user:(\w+)|(view):\w+)$/.exec(conversation) ?? []
  // A team alone is no channel.
  if (channel !== undefined) return /^[TE]/.test(channel) ? undefined : channel
  return isView === undefined ? ofUser : user
}

/** The url that the update came with, if it is Slack's own (or that of the API's stand-in) and not over. */
function liveUrl({ route, receivedAtMs }: SlackMessage, apiRoot: string): string | undefined {
  const url = route?.response_url
  if (url === undefined || Date.now() - receivedAtMs > urlLifeMs) return undefined
  const origin = originOf(url)
  return origin === 'https://hooks.slack.com' || origin === originOf(apiRoot) ? url : undefined
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined
}

function atLeastOne(calls: readonly MessageCall[]): readonly [MessageCall, ...MessageCall[]] | undefined {
  const [first, ...rest] = calls
  return first && [first, ...rest]
}

function whyNot(channel: string | undefined): string {
  return channel === undefined
    ? 'the update names no channel to answer in'
    : 'the bot has no token in this workspace'
}
