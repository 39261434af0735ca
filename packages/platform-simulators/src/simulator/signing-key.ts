import { generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto'
import { hexDigits } from './ids.ts'

/** How long a token lasts, and after what part of it another is made. */
const lifeS = 3_600
const renewedAfterS = 600

/** A platform's RSA key: it signs JWTs, and is published. */
export interface SigningKey {
  readonly id: string
  readonly jwk: JsonWebKey
  readonly publicPem: string
  readonly privatePem: string
  /**
   * A token with these claims that holds for an hour; the same claims get the same one for a while, as
   * platforms do.
   */
  token(claims: Readonly<Record<string, unknown>>): string
}

/** Makes a new key of 2,048 bits. */
export function createSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const id = hexDigits(40)
  const tokens = new Map<string, { token: string; renewAtS: number }>()
  return {
    id,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid: id, use: 'sig', alg: 'RS256' } as JsonWebKey,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    token(claims) {
      const name = JSON.stringify(claims)
      const nowS = Math.floor(Date.now() / 1000)
      const kept = tokens.get(name)
      if (kept !== undefined && nowS < kept.renewAtS) return kept.token
      const head = { alg: 'RS256', kid: id, typ: 'JWT' }
      const text = [head, { iat: nowS, nbf: nowS, exp: nowS + lifeS, ...claims }]
        .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.')
      const token = `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
      tokens.set(name, { token, renewAtS: nowS + renewedAfterS })
      return token
    },
  }
}
