import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { NetworkOptions, Registrar, Registration } from '../adapter.ts'
import { type BotApiReply, callBotApi } from './bot-api.ts'
import type { TelegramCredentials } from './credentials.ts'

/** What setWebhook can be asked for besides the url and the secret. */
const TelegramWebhookOptions = Type.Object(
  {
    allowedUpdates: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z_]{1,64}$' }), {
        maxItems: 100,
        uniqueItems: true,
        description:
          'Kinds of updates; without it as set before, at first all but chat_member, message_reaction and message_reaction_count.',
      }),
    ),
    maxConnections: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description: 'Calls that Telegram makes at once; 40 unless set.',
      }),
    ),
    dropPendingUpdates: Type.Optional(
      Type.Boolean({ description: 'Whether Telegram forgets what waited until now; not unless set.' }),
    ),
  },
  { additionalProperties: false },
)
type TelegramWebhookOptions = Static<typeof TelegramWebhookOptions>

const webhookInfo = Compile(
  Type.Object({
    url: Type.String(),
    pending_update_count: Type.Optional(Type.Integer()),
    last_error_message: Type.Optional(Type.String()),
  }),
)

/** Sets the webhook by setWebhook and checks it by getWebhookInfo. */
export const telegramRegistrar: Registrar<TelegramCredentials> = {
  options: TelegramWebhookOptions,
  set: async (credentials, url, options, network) => {
    const { allowedUpdates, maxConnections, dropPendingUpdates } = (options ?? {}) as TelegramWebhookOptions
    const parameters = {
      url,
      secret_token: credentials.webhookSecret,
      ...(allowedUpdates && { allowed_updates: allowedUpdates }),
      ...(maxConnections && { max_connections: maxConnections }),
      ...(dropPendingUpdates && { drop_pending_updates: true }),
    }
    const reply = await callBotApi({ method: 'setWebhook', parameters }, credentials, network)
    return reply.state === 'accepted' ? check(credentials, url, network) : refusal(reply)
  },
  check,
}

async function check(
  credentials: TelegramCredentials,
  url: string,
  network: NetworkOptions,
): Promise<Registration> {
  const reply = await callBotApi({ method: 'getWebhookInfo', parameters: {} }, credentials, network)
  if (reply.state !== 'accepted') return refusal(reply)
  const info = reply.result
  if (!webhookInfo.Check(info))
    return { state: 'unreachable', detail: 'The answer is not as the Bot API gives it.' }
  if (info.url !== url) {
    const other =
      info.url === '' ? 'Telegram calls no webhook for this bot.' : `Telegram calls ${short(info.url)}.`
    return { state: 'differs', detail: other }
  }
  const waiting = `Telegram calls this url; ${info.pending_update_count ?? 0} updates wait there.`
  const error = info.last_error_message
  return { state: 'registered', detail: error ? `${waiting} Its last error: ${short(error)}` : waiting }
}

function refusal(reply: Exclude<BotApiReply, { state: 'accepted' }>): Registration {
  if (reply.state === 'unclear') return { state: 'unreachable', detail: `Telegram: ${reply.result.reason}.` }
  const tryAgain = reply.status === 429 || reply.status >= 500
  return { state: tryAgain ? 'unreachable' : 'refused', detail: `Telegram ${reply.reason}.` }
}

function short(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').slice(0, 300)
}
