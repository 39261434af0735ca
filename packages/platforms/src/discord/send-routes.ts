import type { OutboundMessage } from '@botyard/queue-contracts'
import type { DiscordCredentials } from './credentials.ts'

/** A message as far as it says where it goes. */
export type DiscordMessage = Pick<
  OutboundMessage,
  'bot' | 'id' | 'conversation' | 'action' | 'text' | 'native' | 'message' | 'route' | 'receivedAtMs'
>

/**
 * A request that may carry a message: by an interaction's token, outside the bot's global limit, or by the
 * bot into a channel.
 */
export interface SendRoute {
  readonly by: 'interaction' | 'bot'
  readonly method: 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  /** The name of the window that Discord counts: the route, then the id that it counts apart. */
  readonly window: string
}

/** Tokens are good for 15 minutes from when Discord made them; what is nearly over is not tried. */
const tokenLifeMs = 14.5 * 60 * 1000

/** Ids end in paths, so nothing else may. */
const anId = /^\w{1,64}$/

/**
 * The requests that may carry a message, in the order to try them; or a sentence why there is none. While its
 * token is good an answer goes by the interaction: the first one takes the place of "thinking". Later, and
 * where there was no interaction, the bot writes into the channel.
 */
export function sendRoutesOf(
  message: DiscordMessage,
  { botToken, applicationId }: Pick<DiscordCredentials, 'botToken' | 'applicationId'>,
): readonly [SendRoute, ...SendRoute[]] | string {
  const { action, conversation, route } = message
  const named = route?.channel ?? conversation
  const channel = named !== 'bot' && anId.test(named) ? named : undefined
  const byBot = botToken === undefined ? undefined : channel
  if (action === 'typing') {
    if (byBot === undefined) return 'typing needs a botToken and a channel'
    return [
      { by: 'bot', method: 'POST', path: `/channels/${byBot}/typing`, window: `channel-typing:${byBot}` },
    ]
  }
  const webhook = liveWebhook(message, applicationId)
  if (action === 'dismiss') {
    if (webhook === undefined) return 'the interaction is over 15 minutes old'
    const window = `follow-up-edit:${message.route?.interaction}`
    return [{ by: 'interaction', method: 'DELETE', path: `${webhook}/messages/@original`, window }]
  }
  const routes =
    action === 'edit' ? editRoutes(message, byBot, webhook) : newMessageRoutes(message, byBot, webhook)
  if (typeof routes === 'string') return routes
  const [first, ...rest] = routes
  if (first) return [first, ...rest]
  if (channel === undefined) return 'the update names no channel to answer in'
  return 'the interaction is over 15 minutes old, or was none, and the bot has no botToken'
}

/** The interaction as a webhook to write by, while its token is good. */
function liveWebhook(
  { route = {}, receivedAtMs }: DiscordMessage,
  applicationId: string,
): string | undefined {
  const { token, application = applicationId } = route
  if (token === undefined || !anId.test(application) || Date.now() - receivedAtMs > tokenLifeMs)
    return undefined
  return `/webhooks/${application}/${encodeURIComponent(token.toWellFormed())}`
}

function newMessageRoutes(
  { route }: DiscordMessage,
  channel: string | undefined,
  webhook: string | undefined,
): SendRoute[] {
  const routes: SendRoute[] = []
  if (webhook !== undefined) {
    routes.push({
      by: 'interaction',
      method: 'POST',
      path: webhook,
      window: `follow-up:${route?.interaction}`,
    })
  }
  if (channel !== undefined) {
    const path = `/channels/${channel}/messages`
    routes.push({ by: 'bot', method: 'POST', path, window: `channel-message:${channel}` })
  }
  return routes
}

/**
 * Without an id it is the message whose component was used, also to open a form that was sent in, otherwise
 * the interaction's own answer. A component's own answer is the message it hangs on; a form's is a message of
 * its own.
 */
function editRoutes(
  { message, route }: DiscordMessage,
  channel: string | undefined,
  webhook: string | undefined,
): SendRoute[] | string {
  const id = message ?? route?.message ?? route?.openedFrom
  if (id !== undefined && !anId.test(id)) return 'the message to edit is no id of Discord’s'
  const routes: SendRoute[] = []
  if (webhook !== undefined) {
    const which = id === undefined || id === route?.message ? '@original' : id
    const path = `${webhook}/messages/${which}`
    routes.push({ by: 'interaction', method: 'PATCH', path, window: `follow-up-edit:${route?.interaction}` })
  }
  if (channel !== undefined && id !== undefined) {
    const path = `/channels/${channel}/messages/${id}`
    routes.push({ by: 'bot', method: 'PATCH', path, window: `channel-edit:${channel}` })
  }
  return routes.length === 0 && id === undefined ? 'name the message to edit by its id' : routes
}
