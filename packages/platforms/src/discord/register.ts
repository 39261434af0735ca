import type { RESTPatchCurrentApplicationJSONBody } from 'discord-api-types/v10'
import { type Static, Type } from 'typebox'
import type { NetworkOptions, Registrar, Registration } from '../adapter.ts'
import { jsonOf, textAt, valueAt } from '../json/value-at.ts'
import { callDiscord, type DiscordCall } from './api.ts'
import type { DiscordCredentials } from './credentials.ts'

const Options = Type.Object(
  {
    commands: Type.Optional(
      Type.Array(Type.Record(Type.String(), Type.Unknown()), {
        maxItems: 250,
        description:
          'The application commands in JSON, all of them: Discord forgets those that are not here.',
      }),
    ),
    events: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Z_]{1,100}$' }), {
        minItems: 1,
        uniqueItems: true,
        description: 'Webhook events to be sent to the same url, such as APPLICATION_AUTHORIZED.',
      }),
    ),
  },
  { additionalProperties: false },
)

const path = '/applications/@me'

/**
 * Sets the url of the interactions, which Discord then tries out by itself, and hands commands over; checks
 * what it has.
 */
export const discordRegistrar: Registrar<DiscordCredentials> = {
  options: Options,
  async set(credentials, url, options, network) {
    const { commands, events } = (options ?? {}) as Static<typeof Options>
    const body = {
      interactions_endpoint_url: url,
      ...(events && { event_webhooks_url: url, event_webhooks_status: 2, event_webhooks_types: events }),
    } as RESTPatchCurrentApplicationJSONBody
    const patched = await ask({ method: 'PATCH', path, body }, credentials, network)
    if ('state' in patched) return patched
    if (commands !== undefined) {
      const whose = `/applications/${credentials.applicationId}/commands`
      const put = await ask({ method: 'PUT', path: whose, body: commands }, credentials, network)
      if ('state' in put) return put
    }
    return await check(credentials, url, network)
  },
  check,
}

async function check(
  credentials: DiscordCredentials,
  url: string,
  network: NetworkOptions,
): Promise<Registration> {
  const got = await ask({ method: 'GET', path }, credentials, network)
  if ('state' in got) return got
  const { publicKey, applicationId } = credentials
  if (textAt(got.json, 'id') !== applicationId) {
    return { state: 'refused', detail: 'The botToken belongs to an application with another id.' }
  }
  const key = textAt(got.json, 'verify_key')
  if (key !== undefined && key.toLowerCase() !== publicKey.toLowerCase()) {
    return { state: 'differs', detail: short(`The application signs by another publicKey: ${key}.`) }
  }
  const endpoint = textAt(got.json, 'interactions_endpoint_url')
  if (endpoint === undefined) return { state: 'differs', detail: 'Discord calls no url for interactions.' }
  if (endpoint !== url) return { state: 'differs', detail: short(`Discord calls ${endpoint}.`) }
  const events = textAt(got.json, 'event_webhooks_url')
  const also =
    events === url && valueAt(got.json, 'event_webhooks_status') === 2 ? ', for webhook events too' : ''
  return { state: 'registered', detail: `Discord calls this url${also}.` }
}

async function ask(
  call: DiscordCall,
  credentials: DiscordCredentials,
  network: NetworkOptions,
): Promise<{ json: unknown } | Registration> {
  const { botToken } = credentials
  if (botToken === undefined) {
    const detail =
      'Give the bot a botToken, or enter the url as Interactions Endpoint URL in the Developer Portal.'
    return { state: 'refused', detail }
  }
  const called = await callDiscord({ ...call, botToken }, credentials, network)
  if ('result' in called) return { state: 'unreachable', detail: `Discord: ${called.result.reason}.` }
  const { status, body } = called.answer
  const json = jsonOf(body)
  if (status < 300) return { json }
  const said = [textAt(json, 'message'), firstError(valueAt(json, 'errors'))].filter(
    part => part !== undefined,
  )
  const state = status === 429 || status >= 500 ? 'unreachable' : 'refused'
  return { state, detail: short([`Discord answered ${status}`, ...said].join(': ')) }
}

/** The errors of a form stand at the end of paths of unknown length, in `_errors`. */
function firstError(errors: unknown): string | undefined {
  let at = errors
  for (let depth = 0; depth < 10 && typeof at === 'object' && at !== null; depth++) {
    const message = textAt(at, '_errors', '0', 'message')
    if (message !== undefined) return message
    at = Object.values(at)[0]
  }
  return undefined
}

function short(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').slice(0, 300)
}
