import { isUtf8 } from 'node:buffer'
import type { WebhookRequest } from './adapter.ts'
import { InvalidUpdateError } from './invalid-update-error.ts'

/** The fields of a form in their order, each with all of its values. */
export type FormFields = ReadonlyMap<string, readonly string[]>

/** Whether the body is an `application/x-www-form-urlencoded` form, by its header. */
export function isForm({ headers }: Pick<WebhookRequest, 'headers'>): boolean {
  const type = headers['content-type']
  return typeof type === 'string' && /^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type)
}

/**
 * Decodes a form whatever its bytes; what is not UTF-8 becomes replacement characters. By hand, because the time
 * that `URLSearchParams` takes over names without a `=` grows with their square, and forms are read before they are proven.
 */
export function formFields(body: Buffer): FormFields {
  const fields = new Map<string, string[]>()
  // A character for each byte, because escapes are of bytes.
  for (const pair of body.toString('latin1').split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals))
    const value = equals < 0 ? '' : decoded(pair.slice(equals + 1))
    const values = fields.get(name)
    if (values) values.push(value)
    else fields.set(name, [value])
  }
  return fields
}

function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  return /[%\x80-\xff]/.test(spaced) ? unescaped(spaced).toString() : spaced
}

function unescaped(text: string): Buffer {
  const bytes = text.replace(/%([0-9a-f]{2})/gi, (_escape, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1')
}

/** Decodes a form, or throws `InvalidUpdateError` if some of it is not UTF-8: it would not be what was sent. */
export function readForm(body: Buffer): FormFields {
  if (!isUtf8(unescaped(body.toString('latin1')))) throw new InvalidUpdateError('json', 'The form is not UTF-8')
  return formFields(body)
}

/** The first value of a field. */
export function fieldOf(fields: FormFields, name: string): string | undefined {
  return fields.get(name)?.[0]
}

/** A flat form as the JSON of an object, in the form's order; a repeated field is an array. */
export function jsonOfForm(fields: FormFields): Buffer {
  // By hand, because an object would put names that are numbers first.
  const members = [...fields].map(
    ([name, values]) => `${JSON.stringify(name)}:${JSON.stringify(values.length === 1 ? values[0] : values)}`,
  )
  return Buffer.from(`{${members.join(',')}}`)
}
