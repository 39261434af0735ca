import { type ApiReply, type ApiRequest, hasBearer, jsonBody } from '../simulator/api-server.ts'
import { hexDigits } from '../simulator/ids.ts'

/** What of the Graph API a product answers by itself. */
export interface GraphProduct {
  readonly accessToken: string
  /** A message that the page, account or phone number `node` is to send. */
  send(node: string, body: Record<string, unknown>, atMs: number): ApiReply
}

/** `POST /{version}/{node}/messages`, with the errors that all products share. */
export function graphApi(request: ApiRequest, { accessToken, send }: GraphProduct): ApiReply {
  if (!hasBearer(request, accessToken)) {
    return graphError(401, 190, 'Invalid OAuth access token - Cannot parse access token')
  }
  const node = /^\/v\d+\.\d+\/(\w+)\/messages$/.exec(request.path)?.[1]
  const body = jsonBody(request)
  if (request.method !== 'POST' || node === undefined)
    return graphError(400, 100, 'Unsupported post request.')
  return body === undefined ? graphError(400, 100, 'Invalid parameter') : send(node, body, request.atMs)
}

/** An error as the Graph API tells it. */
export function graphError(status: number, code: number, message: string): ApiReply {
  const error = {
    message: `(#${code}) ${message}`,
    type: 'OAuthException',
    code,
    fbtrace_id: `A${hexDigits(20)}`,
  }
  return { status, body: { error } }
}
