import { formFields } from '../http/form-fields.ts'
import { jsonOf } from '../json/value-at.ts'

/**
 * How far from either end of a body a token is looked for: Mattermost's stands at the start of its JSON,
 * Zulip's at the end, both in the last part of their forms. Searching a mebibyte that was made for it takes 5
 * ms.
 */
const windowBytes = 48 * 1024

/** More values named `token` than a genuine body has near its ends. */
const maxCandidates = 4

/** A token is some dozens of bytes long; escaped in JSON, six times as many at most. */
const maxValueBytes = 1024

/** The first `token` of a form near each of its ends. No other field is decoded. */
export function tokensOfForm(body: Buffer): unknown[] {
  return windowsOf(body).flatMap(window => {
    const at = window.subarray(0, 6).toString('latin1') === 'token=' ? 0 : window.indexOf('&token=') + 1
    if (at === 0 && window[0] !== 0x74) return []
    const end = window.indexOf('&', at + 6)
    const field = window.subarray(at, Math.min(end < 0 ? window.length : end, at + maxValueBytes))
    return formFields(field).get('token') ?? []
  })
}

/** The values of members named `token` near the ends of a JSON body, at any depth. Nothing else is parsed. */
export function tokensOfJson(body: Buffer): unknown[] {
  return windowsOf(body).flatMap((window, side) => {
    const values: unknown[] = []
    // Within a string every quote is escaped, so these bytes are the word by itself.
    let at = side === 0 ? window.indexOf('"token"') : window.lastIndexOf('"token"')
    while (at >= 0 && values.length < maxCandidates) {
      const text = window.toString('latin1', at + 7, at + 7 + maxValueBytes)
      const [, value] = /^\s*:\s*("(?:[^"\\]|\\.)*"|[^\s,}\]]+)/.exec(text) ?? []
      values.push(value === undefined ? undefined : (jsonOf(Buffer.from(value, 'latin1').toString()) ?? null))
      if (side === 1 && at === 0) break
      at = side === 0 ? window.indexOf('"token"', at + 7) : window.lastIndexOf('"token"', at - 1)
    }
    return values.filter(value => value !== undefined)
  })
}

/** The body's start and its end, which are the same in a small one. */
function windowsOf(body: Buffer): [start: Buffer, end: Buffer] {
  return [body.subarray(0, windowBytes), body.subarray(-windowBytes)]
}
