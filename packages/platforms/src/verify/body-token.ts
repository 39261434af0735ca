import type { VerifyResult, WebhookRequest } from '../adapter.ts'
import { isForm } from '../http/form-fields.ts'
import { jsonOf, valueAt } from '../json/value-at.ts'
import { sameSecret } from './constant-time.ts'
import { tokensOfForm, tokensOfJson } from './find-token.ts'

/**
 * Compares the token that a platform puts into the body, a form's or JSON's `token`, in constant time. Until
 * it is found to be the right one nothing else of the body is decoded: what a stranger sends costs the same
 * whatever its size.
 */
export function verifyBodyToken(
  request: Pick<WebhookRequest, 'headers' | 'body'>,
  token: string,
): VerifyResult {
  const { body } = request
  const isFormBody = isForm(request)
  const given = isFormBody ? tokensOfForm(body) : tokensOfJson(body)
  if (given.every(value => value === '')) return { genuine: false, reason: 'missing' }
  const texts = given.filter(value => typeof value === 'string' && value !== '') as string[]
  if (texts.length === 0) return { genuine: false, reason: 'malformed' }
  const isKnown = texts.map(text => sameSecret(text, token)).includes(true)
  // Of JSON it must be the body's own member, and not one further down; who gets here knows the token.
  const genuine = isKnown && (isFormBody || ownToken(body) === token)
  return genuine ? { genuine } : { genuine, reason: 'mismatch' }
}

function ownToken(body: Buffer): unknown {
  return valueAt(jsonOf(body.toString()), 'token')
}
