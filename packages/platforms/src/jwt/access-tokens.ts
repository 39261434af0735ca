import { hash } from 'node:crypto'
import type { NetworkOptions } from '../adapter.ts'
import { callApi } from '../http/call-api.ts'
import { jsonOf, textAt, valueAt } from '../json/value-at.ts'
import { pauseMs, resultOfStatus } from '../send/result-of-status.ts'
import type { SendResult } from '../send/send-result.ts'

/**
 * A token is not used in the last five minutes of its life (or its half, if it is short), so that none
 * expires on its way.
 */
const marginMs = 5 * 60 * 1000
/** Senders wait for the token within their own time. */
const fetchTimeoutMs = 10 * 1000
/** One a bot. */
const maxTokens = 10_000

/** Where a token comes from (OAuth 2.0, section 4.4 or RFC 7523). */
export interface TokenSource {
  readonly url: string
  /** What makes this bot's token another than other bots' of the same url: its id and secret. */
  readonly identity: string
  /** The form to post; it may be costly, so it is made only for a fetch. Throws if the secret is no good. */
  form(): Record<string, string> | Promise<Record<string, string>>
}

/** A token, and whether it has just been fetched; or what becomes of the send without one. */
export type TokenReply =
  | { readonly token: string; readonly fresh: boolean }
  | { readonly result: Exclude<SendResult, { status: 'sent' | 'uncertain' }> }

interface CachedToken {
  token: string | undefined
  untilMs: number
  fetching: Promise<TokenReply> | undefined
}

const tokens = new Map<string, CachedToken>()

/** A token of the source, from memory while it lasts; concurrent callers share one fetch. Never rejects. */
export async function accessToken(source: TokenSource, { dispatcher }: NetworkOptions): Promise<TokenReply> {
  const kept = tokenOf(source)
  if (kept.token !== undefined && Date.now() < kept.untilMs) return { token: kept.token, fresh: false }
  kept.fetching ??= fetchInto(kept, source, dispatcher)
  return kept.fetching
}

/** Makes the next call fetch a token: the platform refused this one. */
export function forgetToken(source: TokenSource, token: string): void {
  const kept = tokenOf(source)
  if (kept.token === token) kept.token = undefined
}

function tokenOf({ url, identity }: TokenSource): CachedToken {
  const name = hash('sha256', `${url}\n${identity}`, 'base64')
  const kept = tokens.get(name)
  if (kept) return kept
  if (tokens.size >= maxTokens) tokens.clear()
  const empty: CachedToken = { token: undefined, untilMs: 0, fetching: undefined }
  tokens.set(name, empty)
  return empty
}

async function fetchInto(
  kept: CachedToken,
  source: TokenSource,
  dispatcher: NetworkOptions['dispatcher'],
): Promise<TokenReply> {
  const reply = await fetchToken(source, { dispatcher, signal: AbortSignal.timeout(fetchTimeoutMs) })
  kept.fetching = undefined
  if ('result' in reply) return reply
  kept.token = reply.token
  kept.untilMs = Date.now() + reply.lifeMs - Math.min(marginMs, reply.lifeMs / 2)
  return { token: reply.token, fresh: true }
}

async function fetchToken(
  source: TokenSource,
  network: NetworkOptions,
): Promise<{ token: string; lifeMs: number } | Extract<TokenReply, { result: unknown }>> {
  let form: Record<string, string>
  try {
    form = await source.form()
  } catch {
    return {
      result: {
        status: 'failed',
        blame: 'credentials',
        reason: 'not sent: the key of the bot cannot be read',
      },
    }
  }
  const got = await callApi(
    {
      url: source.url,
      body: new URLSearchParams(form).toString(),
      contentType: 'application/x-www-form-urlencoded',
    },
    network,
  )
  if ('result' in got) {
    const { result } = got
    // Whatever became of the call for a token: the message itself has not left.
    if (result.status !== 'uncertain') return { result }
    return {
      result: { status: 'retry', afterMs: undefined, counts: true, reason: `no token: ${result.reason}` },
    }
  }
  const { status, headers, body } = got.answer
  const answer = jsonOf(body)
  const token = textAt(answer, 'access_token')
  if (status === 200 && token !== undefined && /^[\x21-\x7e]+$/.test(token)) {
    return { token, lifeMs: (Number(valueAt(answer, 'expires_in')) || 0) * 1000 }
  }
  const code = textAt(answer, 'error')?.match(/^\w{1,64}$/)?.[0]
  const reason = `no token: answered ${status}${code ? ` ${code}` : ''}`
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
    return { result: { status: 'failed', blame: 'credentials', reason } }
  }
  const result = resultOfStatus(status < 300 ? 502 : status, pauseMs(headers['retry-after']), reason)
  return { result: result as Extract<TokenReply, { result: unknown }>['result'] }
}
