import assert from 'node:assert/strict'
import type { Received } from '../http/local-server.ts'

/** What a call that the adapter made must hold; what is not named is not compared. */
export interface ExpectedRequest {
  readonly method?: string
  /** The host that the call was made to. */
  readonly host?: string
  /** The path, without the query. */
  readonly path?: string
  /**
   * Members of its JSON body or fields of its form, compared deeply; members that are not named may be there.
   */
  readonly body?: object
}

/** Throws if a call is not as expected. */
export function assertRequest(
  request: Received,
  { method, host, path, body }: ExpectedRequest,
  what: string,
): void {
  const url = new URL(request.url, 'https://any.example')
  if (method !== undefined) assert.equal(request.method, method, `${what}: method`)
  if (host !== undefined) assert.equal(request.headers.host, host, `${what}: host`)
  if (path !== undefined) assert.equal(url.pathname, path, `${what}: path`)
  if (body !== undefined)
    assert.partialDeepStrictEqual(bodyOf(request), body, `${what}: body is ${request.body}`)
}

/** The body as an object: JSON, or the fields of a form. */
function bodyOf({ headers, body }: Received): object {
  if (!headers['content-type']?.includes('x-www-form-urlencoded')) return JSON.parse(body) as object
  return Object.fromEntries(new URLSearchParams(body))
}
