/** "Must be used within one minute after receiving the webhook." */
const lifeMs = 60_000

/** Reply tokens: each good for one call within a minute of its latest delivery. */
export interface ReplyTokens {
  give(token: string, place: string, nowMs: number): void
  /** The chat that the token answers in; undefined if it is used, expired or made up. */
  use(token: string, nowMs: number): string | undefined
}

/** Creates an empty set of tokens. */
export function createReplyTokens(): ReplyTokens {
  const tokens = new Map<string, { place: string; untilMs: number; used: boolean }>()
  return {
    give(token, place, nowMs) {
      const used = tokens.get(token)?.used ?? false
      tokens.set(token, { place, untilMs: nowMs + lifeMs, used })
    },
    use(token, nowMs) {
      const given = tokens.get(token)
      if (given === undefined || given.used || nowMs > given.untilMs) return undefined
      given.used = true
      return given.place
    },
  }
}
