import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import type { NetworkOptions, VerifyResult, WebhookRequest } from '../adapter.ts'
import type { KeySource, SigningKey } from './fetch-keys.ts'
import { findKey } from './key-sets.ts'

/** Both platforms that sign by JWT allow their clocks and ours to differ by five minutes. */
const toleranceS = 5 * 60

/** Both platforms' tokens are about a kilobyte; a longer one is decoded for nobody. */
const maxTokenCharacters = 4096

/** What a token must be to be genuine. */
export interface ExpectedToken {
  readonly keys: KeySource
  readonly algorithms: readonly string[]
  readonly issuers: readonly string[]
  readonly audiences: readonly string[]
}

/** What a genuine token says, and the key that signed it. */
export interface GenuineToken {
  readonly genuine: true
  readonly claims: JWTPayload
  readonly key: SigningKey
}

export type TokenResult = GenuineToken | Extract<VerifyResult, { genuine: false }>

/** The token of an `authorization: Bearer` header, or why there is none. */
export function bearerToken({
  headers,
}: Pick<WebhookRequest, 'headers'>): { token: string } | Extract<VerifyResult, { genuine: false }> {
  const given = headers.authorization
  if (given === undefined || given === '') return { genuine: false, reason: 'missing' }
  if (given.length > maxTokenCharacters) return { genuine: false, reason: 'malformed' }
  const token = typeof given === 'string' ? /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(given)?.[1] : undefined
  return token === undefined ? { genuine: false, reason: 'malformed' } : { token }
}

/** What a token claims, unproven: to choose what it is checked against. */
export function unprovenClaims(token: string): JWTPayload | undefined {
  try {
    return decodeJwt(token)
  } catch {
    return undefined
  }
}

/**
 * Checks signature, issuer, audience and times of a token. Never throws; keys that cannot be had are
 * `unavailable`.
 */
export async function verifyJwt(
  token: string,
  { keys, algorithms, issuers, audiences }: ExpectedToken,
  nowMs: number,
  network: NetworkOptions,
): Promise<TokenResult> {
  const id = keyIdOf(token)
  if (id === undefined) return { genuine: false, reason: 'malformed' }
  // Checked first: a token for somebody else is not worth fetching a key.
  const { iss } = unprovenClaims(token) ?? {}
  if (iss === undefined || !issuers.includes(iss)) return { genuine: false, reason: 'mismatch' }
  const key = await findKey(keys, id, network)
  if (key === 'unavailable') return { genuine: false, reason: 'unavailable' }
  if (key === 'unknown') return { genuine: false, reason: 'mismatch' }
  try {
    const { payload } = await jwtVerify(token, key.key, {
      algorithms: [...algorithms],
      issuer: [...issuers],
      audience: [...audiences],
      clockTolerance: toleranceS,
      currentDate: new Date(nowMs),
      requiredClaims: ['exp'],
    })
    // Not every token says from when it holds; then it is from when it was made.
    if (payload.iat !== undefined && payload.iat - toleranceS > nowMs / 1000)
      return { genuine: false, reason: 'stale' }
    return { genuine: true, claims: payload, key }
  } catch (error) {
    return { genuine: false, reason: reasonOf(error) }
  }
}

function keyIdOf(token: string): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(token)
    return kid
  } catch {
    return undefined
  }
}

function reasonOf(error: unknown): 'stale' | 'mismatch' {
  if (error instanceof errors.JWTExpired) return 'stale'
  return error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf' ? 'stale' : 'mismatch'
}
