import type { WebhookRequest } from '../adapter.ts'
import { InvalidUpdateError } from '../errors.ts'
import { decodeEscapes } from './decode-escapes.ts'

/** The fields of a form in their order, each with all of its values. */
export type FormFields = ReadonlyMap<string, readonly string[]>

const ampersand = 0x26
const equals = 0x3d

/** Whether the body is an `application/x-www-form-urlencoded` form, by its header. */
export function isForm({ headers }: Pick<WebhookRequest, 'headers'>): boolean {
  const type = headers['content-type']
  return typeof type === 'string' && /^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type)
}

/**
 * Decodes a form whatever its bytes; what is not UTF-8 becomes replacement characters. By hand, because the
 * time that `URLSearchParams` takes over names without a `=` grows with their square. Of a form that nobody
 * has proven yet, ask {@link isSmallForm} first.
 */
export function formFields(body: Buffer): FormFields {
  return fieldsOf(body, false)!
}

/**
 * Decodes a form, or throws `InvalidUpdateError` if some of it is not UTF-8: it would not be what was sent.
 */
export function readForm(body: Buffer): FormFields {
  const fields = fieldsOf(body, true)
  if (fields === undefined) throw new InvalidUpdateError('json', 'The form is not UTF-8')
  return fields
}

/** Whether a form stays under both bounds, told without decoding any of it. */
export function isSmallForm(
  body: Buffer,
  { maxBytes, maxFields }: { maxBytes: number; maxFields: number },
): boolean {
  if (body.length > maxBytes) return false
  let fields = 1
  for (let at = body.indexOf(ampersand); at >= 0 && fields <= maxFields; at = body.indexOf(ampersand, at + 1))
    fields++
  return fields <= maxFields
}

function fieldsOf(body: Buffer, isStrict: boolean): FormFields | undefined {
  const fields = new Map<string, string[]>()
  const room = Buffer.allocUnsafe(body.length)
  for (let from = 0, to = 0; from < body.length; from = to + 1) {
    to = body.indexOf(ampersand, from)
    if (to < 0) to = body.length
    if (to === from) continue
    const pair = body.subarray(from, to)
    const split = pair.indexOf(equals)
    const name = decodeEscapes(split < 0 ? pair : pair.subarray(0, split), room, isStrict)
    const value = split < 0 ? '' : decodeEscapes(pair.subarray(split + 1), room, isStrict)
    if (name === undefined || value === undefined) return undefined
    const values = fields.get(name)
    if (values) values.push(value)
    else fields.set(name, [value])
  }
  return fields
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
