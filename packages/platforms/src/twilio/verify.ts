import { createHmac, hash } from 'node:crypto'
import { parse, stringify } from 'node:querystring'
import type { VerifyResult, WebhookRequest } from '../adapter.ts'
import { type FormFields, formFields, isForm, isSmallForm } from '../http/form-fields.ts'
import { sameBytes } from '../verify/constant-time.ts'
import type { TwilioCredentials } from './credentials.ts'
import { checkSids } from './sids.ts'

const sha1Bytes = 20

/**
 * What is signed are the decoded fields, so they are decoded for any caller, within these bounds. A message
 * with ten media has about 60 fields; 4 KiB of text are 36 KiB of escapes at most, and a conversation's
 * attributes 16 KiB of JSON.
 */
const formBounds = { maxBytes: 128 * 1024, maxFields: 300 }

/** A longer url is none that an operator registered; each of its spellings is hashed. */
const maxUrlCharacters = 4096
const maxQueryParts = 100

/**
 * Checks a call as Twilio's own SDK does (twilio-node, webhooks.ts): HMAC-SHA1 over the public url, followed
 * by the form's fields in order; of a JSON body the url holds a hash, `bodySHA256`, and is signed alone.
 */
export function verifyTwilio(
  request: Pick<WebhookRequest, 'headers' | 'url' | 'body'>,
  { authToken, accountSid }: Pick<TwilioCredentials, 'authToken' | 'accountSid'>,
): VerifyResult {
  const given = request.headers['x-twilio-signature']
  if (given === undefined || given === '') return { genuine: false, reason: 'missing' }
  if (typeof given !== 'string') return { genuine: false, reason: 'malformed' }
  const signature = Buffer.from(given, 'base64')
  if (signature.length !== sha1Bytes) return { genuine: false, reason: 'malformed' }

  if (request.url.length > maxUrlCharacters || hasManyParts(request.url))
    return { genuine: false, reason: 'malformed' }
  const url = request.url.replace(/#.*$/s, '')
  const bodyHash = URL.parse(url)?.searchParams.get('bodySHA256')
  if (bodyHash == null && !(isForm(request) && isSmallForm(request.body, formBounds))) {
    return { genuine: false, reason: 'malformed' }
  }
  if (bodyHash != null && !sameBytes(Buffer.from(bodyHash, 'hex'), hash('sha256', request.body, 'buffer'))) {
    return { genuine: false, reason: 'mismatch' }
  }
  const fields = bodyHash == null ? formFields(request.body) : undefined
  const signed = Buffer.from(fields === undefined ? '' : signedFields(fields))
  const genuine = spellings(url).some(spelling =>
    sameBytes(signature, createHmac('sha1', authToken).update(spelling).update(signed).digest()),
  )
  if (!genuine) return { genuine, reason: 'mismatch' }
  return fields === undefined ? { genuine } : checkSids(fields, accountSid)
}

function hasManyParts(url: string): boolean {
  let parts = 0
  for (let at = url.indexOf('&'); at >= 0 && parts <= maxQueryParts; at = url.indexOf('&', at + 1)) parts++
  return parts > maxQueryParts
}

/**
 * Names in order, each followed by its value; of a repeated field every different value, in order, after its
 * name.
 */
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

/**
 * The ways Twilio may have written the url that it signed: with the port or without, escaped anew, or as it
 * used to be.
 */
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
