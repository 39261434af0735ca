import type { Content } from '../adapter.ts'

/** Messages of one call: https://developers.line.biz/en/reference/messaging-api/#send-reply-message. */
export const maxMessages = 5

/**
 * Joins texts and LINE messages that follow one another into calls of up to five: the first call goes by the
 * reply token, which is good for one and costs nothing. What is addressed itself, is a whole body, or is no
 * message stays by itself.
 */
export function joinLine(said: readonly Content[]): readonly Content[] {
  const joined: Content[] = []
  let open: object[] = []
  let first: Content | undefined
  const close = () => {
    if (first !== undefined) joined.push(open.length === 1 ? first : { native: { messages: open } })
    open = []
    first = undefined
  }
  for (const content of said) {
    const message = messageOf(content)
    if (message === undefined || open.length === maxMessages) close()
    if (message === undefined) joined.push(content)
    else {
      first ??= content
      open.push(message)
    }
  }
  close()
  return joined
}

/** The one LINE message that a content is; undefined if it is none or more. */
function messageOf({ action = 'send', text, native }: Content): object | undefined {
  if (action !== 'send') return undefined
  if (native === undefined) return textMessage(text)
  return typeof native.type === 'string' && native.to === undefined && native.messages === undefined
    ? native
    : undefined
}

/** A text as a message of LINE's. */
export function textMessage(text: string | undefined): object {
  return { type: 'text', text: (text ?? '').toWellFormed() }
}
