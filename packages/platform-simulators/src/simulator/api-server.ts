import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A call of a platform's API. */
export interface ApiRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** The server's own address. */
  readonly origin: string
  /** When it was read, Unix ms. */
  readonly atMs: number
}

/** A message that a chat shows. */
export interface Shown {
  /** The chat, as the API calls it. */
  readonly place: string
  readonly text: string
}

/** What a platform's API answers; a body that is no text is sent as JSON. */
export interface ApiReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** What the call did: a message that its chat shows now, or several. */
  readonly shown?: Shown | readonly Shown[]
  /** Nothing was done, because it was too much at once. */
  readonly throttled?: true
}

/** Makes a refusal one that says "too much at once". */
export function throttled(reply: ApiReply): ApiReply {
  return { ...reply, throttled: true }
}

/** One call, as it was answered. */
export interface ApiCall {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly atMs: number
}

/** Starts an HTTP server on a free port of 127.0.0.1; `onCall` hears of each call before it is answered. */
export async function startApiServer(
  handle: (request: ApiRequest) => ApiReply | Promise<ApiReply>,
  onCall: (call: ApiCall, reply: ApiReply) => void,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(async (incoming, response) => {
    const { pathname: path, searchParams: query } = new URL(incoming.url ?? '/', 'http://localhost')
    const { method = 'GET', headers } = incoming
    try {
      const body = Buffer.concat(await incoming.toArray())
      const atMs = Date.now()
      const reply = await handle({ method, path, query, headers, body, origin, atMs })
      onCall({ method, path, status: reply.status, atMs }, reply)
      answer(response, reply)
    } catch {
      // The client left while we read, or sent what no client of the platform would.
      incoming.socket.destroy()
    }
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: origin,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function answer(response: ServerResponse, { status, headers = {}, body }: ApiReply): void {
  const isJson = typeof body !== 'string' && body !== undefined
  const bytes = Buffer.from(isJson ? JSON.stringify(body) : ((body as string | undefined) ?? ''))
  const contentType = isJson ? { 'content-type': 'application/json; charset=utf-8' } : {}
  response.writeHead(status, { ...contentType, ...headers, 'content-length': bytes.length })
  response.end(bytes)
}

/** The body as a JSON object, undefined if it is none. */
export function jsonBody({ body }: Pick<ApiRequest, 'body'>): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** The body as a form. */
export function formBody({ body }: Pick<ApiRequest, 'body'>): URLSearchParams {
  return new URLSearchParams(body.toString('utf8'))
}

/** Whether the call carries this `authorization: Bearer` token. */
export function hasBearer({ headers }: Pick<ApiRequest, 'headers'>, token: string): boolean {
  return headers.authorization === `Bearer ${token}`
}

/** Whether the call carries this user and password (RFC 7617). */
export function hasBasic({ headers }: Pick<ApiRequest, 'headers'>, user: string, password: string): boolean {
  return headers.authorization === `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

/** A text of a body that holds anything. */
export function textIn(value: unknown, ...path: readonly string[]): string | undefined {
  let found = value
  for (const name of path) found = (found as Record<string, unknown> | null | undefined)?.[name]
  return typeof found === 'string' ? found : undefined
}
