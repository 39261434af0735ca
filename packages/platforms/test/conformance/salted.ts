import { membersOf } from '../../src/json/json-members.ts'
import type { Sample } from './subject.ts'

/** What a parser that writes again what it read would change: a number beyond doubles, escapes, spaces. */
const saltMembers = ' "zz_number" : 4912661846655238145.50 , "zz_text":"\\u00e4\\/" ,'

/**
 * The same request with members that no platform has in every object of its JSON, a form's payload included.
 */
export function salted(sample: Sample): Sample {
  const { request, contentType } = sample
  if (contentType === 'application/json')
    return { ...sample, request: { ...request, body: salt(request.body) } }
  const fields = new URLSearchParams(request.body.toString())
  const payload = fields.get('payload')
  if (payload === null) return sample
  fields.set('payload', salt(Buffer.from(payload)).toString())
  return { ...sample, request: { ...request, body: Buffer.from(fields.toString()) } }
}

function salt(json: Buffer): Buffer {
  const parts: Buffer[] = []
  let done = 0
  const places = [json.indexOf('{')].filter(at => at >= 0)
  const objects: number[] = []
  for (let at = places.pop(); at !== undefined; at = places.pop()) {
    const members = membersOf(json, at)
    if (json[at] === 0x7b && members.length > 0) objects.push(at)
    places.push(...members.map(({ start }) => start))
  }
  for (const at of objects.sort((a, b) => a - b)) {
    parts.push(json.subarray(done, at + 1), Buffer.from(saltMembers))
    done = at + 1
  }
  return Buffer.concat([...parts, json.subarray(done)])
}
