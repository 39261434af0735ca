// Plays the platforms of docs/platform-setup.md on this machine: prints what a bot sends, answers as the
// platform would, and signs what a shell cannot sign by itself. For trying things out: it checks nothing.
// node docs/examples/stand-in.mjs [port]
import { createSign, generateKeyPairSync, sign } from 'node:crypto'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

const port = Number(process.argv[2] ?? 8089)
const own = `http://127.0.0.1:${port}`
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ed25519 = generateKeyPairSync('ed25519')
/** The last webhook that a bot was registered with, whichever the platform. */
let webhook = ''

/** What the platforms have besides the API that bots call; paths end in these. */
const tools = {
  '/openid': () => ({ jwks_uri: `${own}/keys` }),
  '/keys': () => ({
    keys: [{ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }],
  }),
  '/token': () => ({ access_token: 'an-access-token', expires_in: 3600, token_type: 'Bearer' }),
  '/ed25519/key': () =>
    ed25519.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex'),
  '/ed25519/sign': body => sign(null, Buffer.from(body), ed25519.privateKey).toString('hex'),
  '/jwt': body => jwtOf(JSON.parse(body)),
}

createServer(async (request, response) => {
  const body = await text(request)
  const { pathname } = new URL(request.url, own)
  const tool = Object.entries(tools).find(([path]) => pathname.endsWith(path))?.[1]
  if (!tool && body !== '') console.log(`⇐ ${request.method} ${pathname} ${body}`)
  const answer = tool ? tool(body) : answerOf(pathname, request.headers, body)
  response.setHeader('content-type', typeof answer === 'string' ? 'text/plain' : 'application/json')
  response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
}).listen(port, '127.0.0.1')

/** One answer in which every platform finds what it has in its own. */
function answerOf(path, headers, body) {
  const given = body.startsWith('{') ? JSON.parse(body) : {}
  webhook = given.interactions_endpoint_url ?? given.endpoint ?? given.url ?? webhook
  // Discord's tokens begin with the application's id.
  const application = Buffer.from(
    /^Bot ([^.]+)/.exec(headers.authorization ?? '')?.[1] ?? '',
    'base64',
  ).toString()
  return {
    ...{ ok: true, ts: '1.1', id: application || '1', sid: 'SM1', status: 0, success: true, active: true },
    ...{
      message_id: '1',
      messages: [{ id: '1' }],
      webhook,
      endpoint: webhook,
      interactions_endpoint_url: webhook,
    },
    // Telegram's result of getWebhookInfo and sendMessage, or Zulip's.
    result: path.includes('/zulip/') ? 'success' : { message_id: 1, url: webhook },
  }
}

function jwtOf(claims) {
  const now = Math.floor(Date.now() / 1000)
  const parts = [
    { alg: 'RS256', typ: 'JWT', kid: 'k1' },
    { iat: now, nbf: now, exp: now + 3600, ...claims },
  ]
  const signed = parts.map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(rsa.privateKey, 'base64url')}`
}
