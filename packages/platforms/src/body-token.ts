import type { Verdict, WebhookRequest } from './adapter.ts'
import { sameSecret } from './constant-time.ts'
import { fieldOf, formFields, isForm } from './form-fields.ts'
import { jsonOf, valueAt } from './value-at.ts'

/** Compares the token that a platform puts into the body, a form's or JSON's `token`, in constant time. */
export function verifyBodyToken(request: Pick<WebhookRequest, 'headers' | 'body'>, token: string): Verdict {
  const { body } = request
  const given = isForm(request) ? fieldOf(formFields(body), 'token') : valueAt(jsonOf(body.toString()), 'token')
  if (given === undefined || given === '') return { genuine: false, reason: 'missing' }
  if (typeof given !== 'string') return { genuine: false, reason: 'malformed' }
  return sameSecret(given, token) ? { genuine: true } : { genuine: false, reason: 'mismatch' }
}
