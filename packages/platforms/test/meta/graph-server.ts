import type { TestContext } from 'node:test'
import { localServer } from '../http/local-server.ts'

/** What the stand-in answers next: the status, and the body as JSON unless it is a text. */
export interface GraphAnswer {
  status?: number
  headers?: Record<string, string>
  body: unknown
}

/** The Graph API as far as a send sees it; answers what `next` holds. */
export async function graphServer(t: TestContext) {
  const next: GraphAnswer = { body: {} }
  const server = await localServer(t, (_request, response) => {
    response.writeHead(next.status ?? 200, { 'content-type': 'application/json', ...next.headers })
    response.end(typeof next.body === 'string' ? next.body : JSON.stringify(next.body))
  })
  return { ...server, next }
}

/** An error as the Graph API words it; the message holds what must not reach a log. */
export function graphError(code: number, error_subcode?: number): GraphAnswer {
  return { status: 400, body: { error: { message: 'Malformed access token EAAtoken', code, error_subcode } } }
}
