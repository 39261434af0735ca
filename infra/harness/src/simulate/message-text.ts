const chatter = [
  '',
  ' hi',
  ' 👍👍',
  ' where is my order?',
  ' Können wir das auf morgen verschieben?',
  ' а можно ещё раз, пожалуйста?',
  ' 明天几点开始?',
  ' see https://example.org/a?b=c&d=%20 and tell me what you think of it, please',
  ' "quotes", \\backslashes\\, <tags> & {braces}\nand a second line',
  ` ${'A long message, as people paste them now and then. '.repeat(20).trim()}`,
]

/**
 * A message that tells where it belongs: number `sequence` (from 1) of its chat, and some chatter after it,
 * as far as the platform takes so much.
 */
export function messageText(chat: number, sequence: number, random: () => number, maxBytes?: number): string {
  const text = `chat ${chat} message ${sequence}${chatter[Math.floor(random() * chatter.length)]}`
  if (maxBytes === undefined || Buffer.byteLength(text) <= maxBytes) return text
  return new TextDecoder().decode(Buffer.from(text).subarray(0, maxBytes), { stream: true }).trim()
}

/** Where a message belongs; undefined if it says nothing of the sort. */
export function readMessageText(text: string): { chat: number; sequence: number } | undefined {
  const [, chat, sequence] = /^chat (\d+) message (\d+)/.exec(text) ?? []
  return sequence === undefined ? undefined : { chat: Number(chat), sequence: Number(sequence) }
}
