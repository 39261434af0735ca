/** Where the load goes: the webhook of one bot on 127.0.0.1. */
export interface LoadTarget {
  readonly port: number
  readonly path: string
  readonly secret: string
  /** What is said; default a sentence or two. */
  readonly text?: string
}

const UPDATE = 911_111_111
const MESSAGE = 922_222_222
const CHAT = 9_333_333_333
/**
 * Stands in a text where the update's number is to be said: a reply with the same text tells what it answers.
 */
const NUMBER = 944_444_444

/**
 * The first update id, message id and chat id of a run; all have as many digits as the template leaves room
 * for.
 */
const FIRST_UPDATE = 100_000_000
const FIRST_CHAT = 5_000_000_000

/**
 * One connection's request: a text message of a private chat, some 400 bytes of body, of which `patch`
 * overwrites only the ids. May be patched again as soon as its answer is there.
 */
export function createRequest(target: LoadTarget): { bytes: Buffer; patch(sequence: number, chat: number): void } {
  const body = JSON.stringify(messageUpdate(target.text ?? shortText))
  const bytes = Buffer.from(
    `POST ${target.path} HTTP/1.1\r\nhost: 127.0.0.1:${target.port}\r\ncontent-type: application/json\r\n` +
      `x-telegram-bot-api-secret-token: ${target.secret}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  const update = bytes.indexOf(String(UPDATE))
  const message = bytes.indexOf(String(MESSAGE))
  const from = bytes.indexOf(String(CHAT))
  const chatId = bytes.lastIndexOf(String(CHAT))
  const number = bytes.indexOf(`#${NUMBER}`)
  return {
    bytes,
    patch(sequence, chat) {
      writeDigits(bytes, update, 9, FIRST_UPDATE + sequence)
      writeDigits(bytes, message, 9, FIRST_UPDATE + sequence)
      writeDigits(bytes, from, 10, FIRST_CHAT + chat)
      writeDigits(bytes, chatId, 10, FIRST_CHAT + chat)
      if (number !== -1) writeDigits(bytes, number + 1, 9, FIRST_UPDATE + sequence)
    },
  }
}

/** The platform's id of a chat of a run. */
export function chatId(chat: number): string {
  return String(FIRST_CHAT + chat)
}

/** Which update (0, 1, …) a text tells the number of. */
export function updateNamedIn(text: string): number | undefined {
  const [, digits] = /#(\d{9})/.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits) - FIRST_UPDATE
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
out where it is? #${NUMBER}`

function messageUpdate(text: string): object {
  return {
    update_id: UPDATE,
    message: {
      message_id: MESSAGE,
      from: { id: CHAT, is_bot: false, first_name: 'Ada', username: 'ada_l', language_code: 'en' },
      chat: { id: CHAT, first_name: 'Ada', username: 'ada_l', type: 'private' },
      date: 1_764_000_000,
      text,
    },
  }
}
