import type { NetworkOptions } from '../adapter.ts'
import { type Answer, callApi } from '../http/call-api.ts'
import type { Unanswered } from '../send/result-without-answer.ts'
import type { DiscordCredentials } from './credentials.ts'

const defaultApiRoot = 'https://discord.com/api/v10'

/** "Clients must provide a valid User-Agent": https://discord.com/developers/docs/reference#user-agent. */
const userAgent = 'DiscordBot (https://botyard.example, 0.1.0)'

/** An answer holds the message sent, with what it quotes, or an application. */
const maxAnswerBytes = 256 * 1024

/** A call of Discord's API; without a token it is the path that says who may. */
export interface DiscordCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  readonly botToken?: string | undefined
}

/** Calls Discord; never rejects. */
export function callDiscord(
  { method, path, body, botToken }: DiscordCall,
  { apiRoot = defaultApiRoot }: Pick<DiscordCredentials, 'apiRoot'>,
  network: NetworkOptions,
): Promise<{ answer: Answer } | { result: Unanswered }> {
  return callApi(
    {
      method,
      url: apiRoot.replace(/\/+$/, '') + path,
      ...(body !== undefined && { body: wellFormedJson(body) }),
      headers: {
        'user-agent': userAgent,
        ...(botToken !== undefined && { authorization: `Bot ${botToken}` }),
      },
      maxAnswerBytes,
    },
    network,
  )
}

/** Half a surrogate pair would make Discord refuse the whole body. */
function wellFormedJson(body: unknown): string {
  return JSON.stringify(body, (_name, value) => (typeof value === 'string' ? value.toWellFormed() : value))
}
