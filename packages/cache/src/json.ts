import { NotJsonError } from './errors.ts'

/** A value as JSON; '' for undefined, which stands for "there is nothing". Throws {@link NotJsonError}. */
export function toJson(value: unknown): string {
  if (value === undefined) return ''
  let json: string | undefined
  try {
    json = JSON.stringify(value)
  } catch (cause) {
    throw new NotJsonError({ cause })
  }
  if (json === undefined) throw new NotJsonError()
  return json
}

/** The value, frozen through and through: what many readers share, none may change. */
export function fromJson(json: string): unknown {
  return json === '' ? undefined : freeze(JSON.parse(json))
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) freeze(part)
    Object.freeze(value)
  }
  return value
}
