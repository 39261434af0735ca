import type { Terminal } from './terminal.ts'

const maxLinesASecond = 10
const maxText = 200

/** Prints replies of the example bots as they come; beyond ten a second only how many there were. */
export function createReplyLines(terminal: Terminal): (reply: { chatId: string; text: string }) => void {
  let second = 0
  let lines = 0
  let left = 0
  return ({ chatId, text }) => {
    const now = Math.floor(Date.now() / 1000)
    if (now !== second) {
      if (left > 0) terminal.line(`  ${terminal.dim(`… and ${left} more replies`)}`)
      second = now
      lines = 0
      left = 0
    }
    if (++lines > maxLinesASecond) left++
    else terminal.line(`  ${terminal.green('↩')} reply to chat ${printable(chatId)}: ${printable(text)}`)
  }
}

/** A message is a stranger's: its control characters could steer the terminal. */
function printable(text: string): string {
  const safe = text.replaceAll(/\p{Cc}|\p{Cf}/gu, ' ')
  return safe.length > maxText ? `${safe.slice(0, maxText)}…` : safe
}
