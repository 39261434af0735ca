import { createHmac, hash } from 'node:crypto'
import { parse, stringify } from 'node:querystring'
import type { Verdict, WebhookRequest } from '../adapter.ts'
import { sameBytes } from '../constant-time.ts'
import { type FormFields, formFields, isForm } from '../form-fields.ts'
import type { TwilioCredentials } from './credentials.ts'

const SHA1_BYTES = 20

/**
 * Checks a call as Twilio's own SDK does (twilio-node, webhooks.ts): HMAC-SHA1 over the public url, followed by the form's
 * fields in order; of a JSON body the url holds a hash, `bodySHA256`, and is signed alone.
 */
export function verifyTwilio(
  request: Pick<WebhookRequest, 'headers' | 'url' | 'body'>,
  { authToken }: Pick<TwilioCredentials, 'authToken'>,
): Verdict {
  const given = request.headers['x-twilio-signature']
  if (given === undefined || given === '') return { genuine: false, reason: 'missing' }
  if (typeof given !== 'string') return { genuine: false, reason: 'malformed' }
  const signature = Buffer.from(given, 'base64')
  if (signature.length !== SHA1_BYTES) return { genuine: false, reason: 'malformed' }

  const url = request.url.replace(/#.*$/s, '')
  const bodyHash = URL.parse(url)?.searchParams.get('bodySHA256')
  if (bodyHash == null && !isForm(request)) return { genuine: false, reason: 'malformed' }
  if (bodyHash != null && !sameBytes(Buffer.from(bodyHash, 'hex'), hash('sha256', request.body, 'buffer'))) {
    return { genuine: false, reason: 'mismatch' }
  }
  const fields = bodyHash == null ? signedFields(formFields(request.body)) : ''
  const genuine = spellings(url).some(spelling =>
    sameBytes(signature, createHmac('sha1', authToken).update(`${spelling}${fields}`).digest()),
  )
  return genuine ? { genuine } : { genuine, reason: 'mismatch' }
}

/** Names in order, each followed by its value; of a repeated field every different value, in order, after its name. */
function signedFields(fields: FormFields): string {
  const names = [...fields.keys()].sort()
  return names
    .map(name =>
      [...new Set(fields.get(name))]
        .sort()
        .map(value => name + value)
        .join(''),
    )
    .join('')
}

/** The ways Twilio may have written the url that it signed: with the port or without, escaped anew, or as it used to be. */
function spellings(url: string): string[] {
  const escaped = URL.parse(url)?.href ?? url
  const ported = [url, escaped].flatMap(spelling => [withPort(spelling, false), withPort(spelling, true)])
  return [...new Set([...ported, ...ported.slice(2).map(withLegacyQuery)])]
}

/** The url with its scheme's own port, or without any; nothing else of it changes. */
function withPort(url: string, wanted: boolean): string {
  const parts = /^(https?):\/\/((?:[^/?#]*@)?(?:\[[^\]]*\]|[^/?#:]*))(:\d*)?(.*)$/is.exec(url)
  if (!parts) return url
  const [, scheme = '', host = '', port = '', rest = ''] = parts
  const own = port || (scheme.toLowerCase() === 'https' ? ':443' : ':80')
  return `${scheme}://${host}${wanted ? own : ''}${rest}`
}

/** The query as Node's old `querystring` escapes it: some of Twilio's products sign it so. */
function withLegacyQuery(url: string): string {
  const at = url.indexOf('?')
  return at < 0 || at === url.length - 1 ? url : `${url.slice(0, at)}?${stringify(parse(url.slice(at + 1)))}`
}
