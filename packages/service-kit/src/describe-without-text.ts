/** An error without its message. */
export interface WordlessError {
  readonly type: string
  readonly code?: string
  /** Where it was thrown, the innermost frame first; no message, which may quote a user. */
  readonly frames: readonly string[]
  readonly cause?: WordlessError
}

const maxFrames = 10
const maxCauses = 3

/**
 * What a log may keep of an error that a bot's code threw: type, code and stack frames. Messages of handlers'
 * errors quote users ("cannot parse 'my IBAN is …'"), so they stay out of logs.
 */
export function describeWithoutText(error: unknown, causes = maxCauses): WordlessError {
  if (!(error instanceof Error)) return { type: typeof error, frames: [] }
  const { name, stack, cause } = error
  const { code } = error as { code?: unknown }
  return {
    type: short(name),
    ...(typeof code === 'string' && { code: short(code) }),
    frames: framesOf(stack, error.message),
    ...(cause !== undefined && causes > 0 && { cause: describeWithoutText(cause, causes - 1) }),
  }
}

/** V8 writes the name and the message first; a message may have lines that look like frames. */
function framesOf(stack: unknown, message: string): string[] {
  if (typeof stack !== 'string') return []
  const at = message === '' ? 0 : stack.indexOf(message)
  // A stack that somebody rewrote says nothing that can be trusted to be no message.
  if (at === -1) return []
  const lines = stack.slice(at + message.length).split('\n')
  return lines
    .filter(line => /^ {4}at /.test(line))
    .slice(0, maxFrames)
    .map(line => line.trim().slice('at '.length))
}

/** Names and codes are words of a program; what is longer or has spaces is a text in disguise. */
function short(word: string): string {
  return /^[\w.:-]{1,64}$/.test(word) ? word : 'Error'
}
