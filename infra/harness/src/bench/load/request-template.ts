/** Where the load goes: the webhook of one bot on 127.0.0.1. */
export interface LoadTarget {
  readonly port: number
  readonly path: string
  readonly secret: string
  /** What is said; default a sentence or two. */
  readonly text?: string
}

const updateMark = 911_111_111
const messageMark = 922_222_222
const chatMark = 9_333_333_333
/**
 * Stands in a text where the update's number is to be said: a reply with the same text tells what it answers.
 */
const numberMark = 944_444_444

/**
 * The first update id, message id and chat id of a run; all have as many digits as the template leaves room
 * for.
 */
const firstUpdate = 100_000_000
const firstChat = 5_000_000_000

/**
 * One connection's request: a text message of a private chat, some 400 bytes of body, of which `patch`
 * overwrites only the ids. May be patched again as soon as its answer is there.
 */
export function createRequest(target: LoadTarget): {
  bytes: Buffer
  patch(sequence: number, chat: number): void
} {
  const body = JSON.stringify(messageUpdate(target.text ?? shortText))
  const bytes = Buffer.from(
    `POST ${target.path} HTTP/1.1\r\nhost: 127.0.0.1:${target.port}\r\ncontent-type: application/json\r\n` +
      `x-telegram-bot-api-secret-token: ${target.secret}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  const update = bytes.indexOf(String(updateMark))
  const message = bytes.indexOf(String(messageMark))
  const from = bytes.indexOf(String(chatMark))
  const chatId = bytes.lastIndexOf(String(chatMark))
  const number = bytes.indexOf(`#${numberMark}`)
  return {
    bytes,
    patch(sequence, chat) {
      writeDigits(bytes, update, 9, firstUpdate + sequence)
      writeDigits(bytes, message, 9, firstUpdate + sequence)
      writeDigits(bytes, from, 10, firstChat + chat)
      writeDigits(bytes, chatId, 10, firstChat + chat)
      if (number !== -1) writeDigits(bytes, number + 1, 9, firstUpdate + sequence)
    },
  }
}

/** The platform's id of a chat of a run. */
export function chatId(chat: number): string {
  return String(firstChat + chat)
}

/** Which update (0, 1, …) a text tells the number of. */
export function updateNamedIn(text: string): number | undefined {
  const [, digits] = /#(\d{9})/.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits) - firstUpdate
}

function writeDigits(bytes: Buffer, offset: number, width: number, value: number): void {
  let rest = value
  for (let at = offset + width - 1; at >= offset; at--) {
    const next = Math.floor(rest / 10)
    bytes[at] = 48 + (rest - next * 10)
    rest = next
  }
}

const shortText = `Hello! My parcel was due on Monday and the tracking page has said "out for delivery" ever since. Could you please find \
out where it is? #${numberMark}`

function messageUpdate(text: string): object {
  return {
    update_id: updateMark,
    message: {
      message_id: messageMark,
      from: { id: chatMark, is_bot: false, first_name: 'Ada', username: 'ada_l', language_code: 'en' },
      chat: { id: chatMark, first_name: 'Ada', username: 'ada_l', type: 'private' },
      date: 1_764_000_000,
      text,
    },
  }
}
