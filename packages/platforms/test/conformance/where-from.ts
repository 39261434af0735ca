/** Of several members with one value, the one is meant whose own name, or that of what it is in, says so. */
const hints = {
  conversation:
    /(?:chat|channel|conversation|room|space|thread|topic|group|issue|repository|recipient|source)[^.]*(?:\.[^.]*)?$/i,
  user: /(?:user|from|sender|author|member|person|source)[^.]*(?:\.[^.]*)?$/i,
}

/**
 * A value of an update in terms of the body that it was read from, for the documentation: what stands in the
 * body is named by its path in braces, such as `{message.chat.id}:{message.message_thread_id}`.
 */
export function whereFrom(value: string, body: object, what?: keyof typeof hints): string {
  const hint = what && hints[what]
  const scalars = scalarsOf(body, '').sort(
    (a, b) =>
      b.value.length - a.value.length ||
      Number(hint?.test(b.path) ?? false) - Number(hint?.test(a.path) ?? false) ||
      a.path.length - b.path.length,
  )
  let named = ''
  let at = 0
  while (at < value.length) {
    const found = scalars.find(scalar => standsAt(value, at, scalar.value))
    named += found ? `{${found.path}}` : value[at]
    at += found?.value.length ?? 1
  }
  return named
}

/** A word of its own: `1` does not stand in `-1001`. */
function standsAt(value: string, at: number, part: string): boolean {
  if (part === '' || !value.startsWith(part, at)) return false
  const isWord = (index: number) => /[\w-]/.test(value[index] ?? '')
  return !isWord(at - 1) && !isWord(at + part.length)
}

function scalarsOf(value: unknown, path: string): { path: string; value: string }[] {
  if (typeof value === 'string') {
    return [{ path, value }, ...(path.endsWith('data') ? scalarsOf(jsonInBase64(value), path) : [])]
  }
  if (typeof value === 'number') return [{ path, value: String(value) }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    scalarsOf(member, Array.isArray(value) ? `${path}[]` : path === '' ? name : `${path}.${name}`),
  )
}

/** Pub/Sub wraps events so. */
function jsonInBase64(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64').toString())
  } catch {
    return undefined
  }
}
