import type { Identified, SendOptions } from '../adapter.ts'
import { jsonOf, textAt } from '../json/value-at.ts'
import { callLine } from './api.ts'
import type { LineCredentials } from './credentials.ts'

/** Asks who the channel's bot is: its user id, the name that mentions show, and its basic id. */
export async function identifyLine(credentials: LineCredentials, options: SendOptions): Promise<Identified> {
  const asked = await callLine({ method: 'GET', path: '/v2/bot/info' }, credentials, options)
  if ('result' in asked) return { status: 'unreachable', reason: asked.result.reason }
  const { status, body } = asked.answer
  const reason = `answered ${status}`
  if (status >= 400 && status < 500 && status !== 429) return { status: 'refused', reason }
  const json = jsonOf(body)
  const user = textAt(json, 'userId')
  if (status >= 300 || user === undefined) return { status: 'unreachable', reason }
  const [name, bot] = [textAt(json, 'displayName'), textAt(json, 'basicId')]
  return {
    status: 'known',
    identity: { user, ...(name !== undefined && { name }), ...(bot !== undefined && { bot }) },
  }
}
