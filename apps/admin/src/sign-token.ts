import type { KeySet } from '@botyard/service-kit'
import { createSigner } from 'fast-jwt'
import type { Role } from './actor.ts'

/** Says that a token is for this API: another system's token under the same key does not pass. */
export const tokenIssuer = 'botyard-admin'

/** The one algorithm that is signed and accepted. */
export const tokenAlgorithm = 'HS256'

/** Signs a bearer token of the admin API with the active key, whose id stands in its header as `kid`. */
export function signToken(keys: KeySet, claims: { subject: string; role: Role; hours: number }): string {
  const sign = createSigner({
    algorithm: tokenAlgorithm,
    key: Buffer.from(keys.keys[keys.active]!, 'base64'),
    kid: keys.active,
    iss: tokenIssuer,
    sub: claims.subject,
    expiresIn: claims.hours * 3_600_000,
  })
  return sign({ role: claims.role })
}
