import { Type } from 'typebox'
import type { NetworkOptions, Registrar, Registration } from '../adapter.ts'
import { jsonOf, textAt, valueAt } from '../json/value-at.ts'
import { callLine, type LineCall } from './api.ts'
import type { LineCredentials } from './credentials.ts'

const path = '/v2/bot/channel/webhook/endpoint'

/**
 * Sets the webhook's url, has LINE call it, and checks what LINE has: the "Webhook settings" of the Messaging
 * API.
 */
export const lineRegistrar: Registrar<LineCredentials> = {
  options: Type.Object({}, { additionalProperties: false }),
  async set(credentials, url, _options, network) {
    const put = await ask({ method: 'PUT', path, body: { endpoint: url } }, credentials, network)
    if ('state' in put) return put
    const checked = await check(credentials, url, network)
    if (checked.state !== 'registered') return checked
    const tested = await ask(
      { path: '/v2/bot/channel/webhook/test', body: { endpoint: url } },
      credentials,
      network,
    )
    if ('state' in tested) return tested
    if (valueAt(tested.json, 'success') === true) return checked
    const why = [textAt(tested.json, 'reason'), textAt(tested.json, 'detail')].filter(
      part => part !== undefined,
    )
    return {
      state: 'unreachable',
      detail: short(`LINE has the url, but its test call failed: ${why.join(', ')}.`),
    }
  },
  check,
}

async function check(
  credentials: LineCredentials,
  url: string,
  network: NetworkOptions,
): Promise<Registration> {
  const got = await ask({ method: 'GET', path }, credentials, network)
  if ('state' in got) return got
  const endpoint = textAt(got.json, 'endpoint')
  if (endpoint !== url) {
    const other = endpoint === undefined ? 'LINE has no webhook url.' : `LINE calls ${endpoint}.`
    return { state: 'differs', detail: short(other) }
  }
  if (valueAt(got.json, 'active') !== true) {
    return {
      state: 'differs',
      detail: 'LINE has this url but does not call it: switch on "Use webhook" in the console.',
    }
  }
  return { state: 'registered', detail: 'LINE calls this url.' }
}

async function ask(
  call: LineCall,
  credentials: LineCredentials,
  network: NetworkOptions,
): Promise<{ json: unknown } | Registration> {
  const posted = await callLine(call, credentials, network)
  if ('result' in posted) return { state: 'unreachable', detail: `LINE: ${posted.result.reason}.` }
  const { status, body } = posted.answer
  const json = jsonOf(body)
  if (status < 300) return { json }
  // No url was ever set.
  if (status === 404 && call.method === 'GET') return { json: {} }
  const said = textAt(json, 'message')
  const state = status === 429 || status >= 500 ? 'unreachable' : 'refused'
  return { state, detail: short(`LINE answered ${status}${said === undefined ? '' : `: ${said}`}.`) }
}

function short(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').slice(0, 300)
}
