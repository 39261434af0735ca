import type { InboundUpdate } from '@botyard/queue-contracts'
import type { Invocation, OnceStore } from '../src/index.ts'

/** Remembered steps in memory; give the same one to several tries of an update. */
export function onceStore(): OnceStore & { readonly steps: Map<string, string> } {
  const steps = new Map<string, string>()
  return {
    steps,
    get: async name => steps.get(name),
    async set(name, json) {
      steps.set(name, json)
    },
  }
}

/** One run on a message that says `text`; a text that begins with a slash is a command, as the adapters decide it. */
export function invocation(
  text: string,
  more: Partial<InboundUpdate> = {},
  rest: Partial<Invocation> = {},
): Invocation {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const update: InboundUpdate = {
    id: '1',
    bot: 'echo',
    platform: 'telegram',
    kind: text.startsWith('/') ? 'command' : 'message',
    conversation: '7',
    text,
    receivedAtMs: 0,
    ...more,
  }
  const signal = new AbortController().signal
  return { update, raw: Buffer.from('{}'), attempt: 1, signal, once: onceStore(), log, ...rest }
}
