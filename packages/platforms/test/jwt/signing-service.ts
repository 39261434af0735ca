import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'

/** How a token differs from an ordinary one. */
export interface SignOptions {
  readonly atMs?: number
  /** Seconds that it holds; 0 unless set, so that a test of the window sees just the window. */
  readonly lifeS?: number
  /** Signed by a key that the service does not publish, under the id of one that it does. */
  readonly forged?: boolean
  readonly kid?: string
}

/** A platform that signs tokens and publishes its keys: as an OpenID document, a JWKS and PEMs. */
export interface SigningService {
  readonly origin: string
  /** The paths that were asked for. */
  readonly fetched: readonly string[]
  /** The published key, as Google's oracle takes it. */
  pems(): Promise<Record<string, string>>
  sign(claims: Readonly<Record<string, unknown>>, options?: SignOptions): Promise<string>
  /** Signs with another key from now on, and publishes that one alone. */
  rotate(): Promise<void>
  /** Whether the keys cannot be had. */
  fail(now: boolean): void
  end(): Promise<void>
}

/** Stands for a service in a case that has not been started: it has an address, and signs nothing. */
export const unstartedService: Pick<SigningService, 'origin' | 'pems' | 'sign'> = {
  origin: 'https://keys.example',
  pems: () => Promise.reject(new Error('Start the case first')),
  sign: () => Promise.reject(new Error('Start the case first')),
}

let services = 0

/** Starts a signing service on loopback. */
export async function signingService(endorsements?: readonly string[]): Promise<SigningService> {
  // Keys are kept by address, and the system gives a port again soon.
  const home = `/service-${++services}`
  const stranger = await generateKeyPair('RS256', { extractable: true })
  let current = await newKey(1)
  const fetched: string[] = []
  let down = false

  const server = createServer(async (request, response) => {
    const path = (request.url ?? '').slice(home.length)
    fetched.push(path)
    if (down) return response.writeHead(503).end()
    response.setHeader('content-type', 'application/json')
    const { kid, publicKey } = current
    const jwk = {
      ...(await exportJWK(publicKey)),
      kid,
      use: 'sig',
      alg: 'RS256',
      ...(endorsements && { endorsements }),
    }
    if (path === '/openid') return response.end(JSON.stringify({ issuer: 'x', jwks_uri: `${origin}/keys` }))
    if (path === '/keys') return response.end(JSON.stringify({ keys: [jwk, { kid: 'odd', kty: 'oct' }] }))
    if (path === '/certs') return response.end(JSON.stringify({ [kid]: await exportSPKI(publicKey) }))
    return response.writeHead(404).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}${home}`

  return {
    origin,
    fetched,
    pems: async () => ({ [current.kid]: await exportSPKI(current.publicKey) }),
    async sign(claims, { atMs = Date.now(), lifeS = 0, forged = false, kid = current.kid } = {}) {
      const at = Math.floor(atMs / 1000)
      return new SignJWT({ iat: at, nbf: at, exp: at + lifeS, ...claims })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
        .sign(forged ? stranger.privateKey : current.privateKey)
    },
    async rotate() {
      current = await newKey(Number(current.kid.slice('key-'.length)) + 1)
    },
    fail(now) {
      down = now
    },
    async end() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

async function newKey(n: number) {
  return { kid: `key-${n}`, ...(await generateKeyPair('RS256', { extractable: true })) }
}

/** A token with one bit of its decoded signature, or of one of its decoded claims, changed. */
export function flippedToken(token: string, part: 'signature' | 'claims'): string {
  const [header = '', claims = '', signature = ''] = token.split('.')
  if (part === 'signature') return [header, claims, flipped(signature)].join('.')
  return [header, flipped(claims), signature].join('.')
}

function flipped(base64url: string): string {
  const bytes = Buffer.from(base64url, 'base64url')
  bytes[bytes.length >> 1]! ^= 1
  return bytes.toString('base64url')
}
