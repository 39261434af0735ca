import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Identified, NetworkOptions } from '../adapter.ts'
import { type BotOf, callBotApi } from './bot-api.ts'
import { Id } from './facts.ts'

const me = Compile(Type.Object({ id: Id, username: Type.Optional(Type.String({ minLength: 1 })) }))

/** Asks getMe. Never throws. */
export async function identifyTelegram(bot: BotOf, network: NetworkOptions): Promise<Identified> {
  const reply = await callBotApi({ method: 'getMe', parameters: {} }, bot, network)
  if (reply.state === 'unclear') return { status: 'unreachable', reason: reply.result.reason }
  if (reply.state === 'refused') {
    // An unknown token is 401, one that cannot be a token 404.
    const isVain = reply.status === 401 || reply.status === 404
    return { status: isVain ? 'refused' : 'unreachable', reason: reply.reason }
  }
  const { result } = reply
  if (!me.Check(result)) return { status: 'unreachable', reason: 'the answer is not as the Bot API gives it' }
  const { id, username } = result
  return {
    status: 'known',
    identity: { user: String(id), ...(username !== undefined && { name: username }) },
  }
}
