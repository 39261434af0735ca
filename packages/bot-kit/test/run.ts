import { Readable } from 'node:stream'
import {
  type BotParts,
  createDownload,
  defineBot,
  type Invocation,
  type OnceStore,
  type Outcome,
  runBot,
} from '../src/index.ts'

/** A store that keeps its values in memory, as if across tries of one update. */
export function memoryStore(kept = new Map<string, string>()): OnceStore & { kept: Map<string, string> } {
  return {
    kept,
    get: async name => kept.get(name),
    set: async (name, json) => {
      kept.set(name, json)
    },
  }
}

/** Runs a bot on one update; what a test does not name is a plain text message on its first try. */
export function run(
  bot: BotParts,
  update: Partial<Invocation['update']> = {},
  rest: Partial<Omit<Invocation, 'update'>> = {},
) {
  const silent = () => undefined
  return runBot(defineBot(bot), {
    update: {
      id: '1',
      bot: 'b',
      platform: 'telegram',
      kind: 'message',
      conversation: 'c',
      receivedAtMs: 0,
      ...update,
    },
    raw: Buffer.from('{}'),
    attempt: 1,
    signal: new AbortController().signal,
    limits: {},
    once: memoryStore(),
    runTask: () => Promise.reject(new Error('no threads here')),
    download: () => createDownload(Readable.from([])),
    isTooEarly: () => false,
    openData: () => {
      throw new Error('no data here')
    },
    log: { info: silent, warn: silent, error: silent },
    typing: silent,
    isAwaited: () => update.respond !== undefined,
    respond: silent,
    ...rest,
  })
}

/** What was said in plain text. */
export function textsOf({ replies }: Outcome): (string | undefined)[] {
  return replies.map(reply => reply.text)
}
