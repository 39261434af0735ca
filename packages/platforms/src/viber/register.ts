import { type Static, Type } from 'typebox'
import type { NetworkOptions, Registrar, Registration } from '../adapter.ts'
import { jsonOf, textAt, valueAt } from '../json/value-at.ts'
import { callViber } from './api.ts'
import type { ViberCredentials } from './credentials.ts'

const ViberWebhookOptions = Type.Object(
  {
    eventTypes: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z_]{1,64}$' }), {
        maxItems: 50,
        uniqueItems: true,
        description: 'Callbacks besides message, subscribed and unsubscribed; without it all of them.',
      }),
    ),
    sendName: Type.Optional(
      Type.Boolean({ description: 'Whether callbacks name the user; yes unless set.' }),
    ),
    sendPhoto: Type.Optional(
      Type.Boolean({ description: "Whether callbacks have the user's photo; yes unless set." }),
    ),
  },
  { additionalProperties: false },
)
type ViberWebhookOptions = Static<typeof ViberWebhookOptions>

/** Sets the webhook by set_webhook, which calls it once, and checks it by get_account_info. */
export const viberRegistrar: Registrar<ViberCredentials> = {
  options: ViberWebhookOptions,
  async set(credentials, url, options, network) {
    const { eventTypes, sendName = true, sendPhoto = true } = (options ?? {}) as ViberWebhookOptions
    const body = {
      url,
      ...(eventTypes && { event_types: eventTypes }),
      send_name: sendName,
      send_photo: sendPhoto,
    }
    const set = await ask('set_webhook', body, credentials, network)
    return 'state' in set ? set : await check(credentials, url, network)
  },
  check,
}

async function check(
  credentials: ViberCredentials,
  url: string,
  network: NetworkOptions,
): Promise<Registration> {
  const info = await ask('get_account_info', {}, credentials, network)
  if ('state' in info) return info
  const webhook = textAt(info.json, 'webhook')
  if (webhook === url) return { state: 'registered', detail: 'Viber calls this url.' }
  const other = webhook === undefined ? 'Viber calls no webhook for this bot.' : `Viber calls ${webhook}.`
  return { state: 'differs', detail: short(other) }
}

async function ask(
  method: 'set_webhook' | 'get_account_info',
  body: object,
  credentials: ViberCredentials,
  network: NetworkOptions,
): Promise<{ json: unknown } | Registration> {
  const posted = await callViber(method, body, credentials, network)
  if ('result' in posted) return { state: 'unreachable', detail: `Viber: ${posted.result.reason}.` }
  const { answer } = posted
  const json = jsonOf(answer.body)
  const status = valueAt(json, 'status')
  if (status === 0) return { json }
  if (typeof status !== 'number') return { state: 'unreachable', detail: `Viber answered ${answer.status}.` }
  const said = textAt(json, 'status_message')
  const detail = short(`Viber answered status ${status}${said === undefined ? '' : `: ${said}`}.`)
  return { state: status === 12 ? 'unreachable' : 'refused', detail }
}

function short(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').slice(0, 300)
}
