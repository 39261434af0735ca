// Telegram's own rule for a command, up to the first white space:
// https://core.telegram.org/bots/features#commands
const command = /^\/[a-z0-9_]{1,32}(?:@\w+)?(?!\S)/i

/** Whether a text is a command: `/start`, `/start@MyBot`, `/start with arguments`; not `/a/path`. */
export function kindOfText(text: string | undefined): 'command' | 'message' {
  return text !== undefined && command.test(text) ? 'command' : 'message'
}
