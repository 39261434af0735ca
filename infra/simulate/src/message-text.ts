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

/** A message that tells where it belongs: number `sequence` (from 1) of its chat, and some chatter after it. */
export function messageText(chat: number, sequence: number, random: () => number): string {
  return `chat ${chat} message ${sequence}${chatter[Math.floor(random() * chatter.length)]}`
}

/** Where a message belongs; undefined if it says nothing of the sort. */
export function readMessageText(text: string): { chat: number; sequence: number } | undefined {
  const [, chat, sequence] = /^chat (\d+) message (\d+)/.exec(text) ?? []
  return sequence === undefined ? undefined : { chat: Number(chat), sequence: Number(sequence) }
}
