import { type ApiReply, type ApiRequest, hasBearer } from './api-server.ts'
import { hexDigits } from './ids.ts'

const lifeS = 3_599

/** OAuth 2.0 access tokens, as a platform's token endpoint gives them out. */
export interface AccessTokens {
  /** The endpoint's answer to a client that has proven itself. */
  issue(): ApiReply
  isGood(request: Pick<ApiRequest, 'headers' | 'atMs'>): boolean
}

/** Creates an endpoint that has given out none yet. */
export function createAccessTokens(): AccessTokens {
  const tokens = new Map<string, number>()
  return {
    issue() {
      const token = `ya29.${hexDigits(64)}`
      tokens.set(token, Date.now() + lifeS * 1000)
      return { status: 200, body: { token_type: 'Bearer', expires_in: lifeS, access_token: token } }
    },
    isGood: request =>
      [...tokens].some(([token, untilMs]) => request.atMs < untilMs && hasBearer(request, token)),
  }
}
