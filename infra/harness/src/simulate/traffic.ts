import type { Allowance } from '@botyard/platform-simulators'

/** Somebody writes in a chat (numbered from 0) at `atMs` after the start. */
export interface Arrival {
  readonly atMs: number
  readonly chat: number
}

/*
 * Popularity falls with rank^-0.8: of 2,000 chats the first gets 5 % of all messages, the first hundred 40 %.
 * Every seventh arrival or so is somebody who sends several messages at once.
 */
const skew = 0.8
const burstShare = 0.15
const minBurst = 2
const maxBurst = 6

/**
 * The arrivals of `seconds` seconds, in order: exactly `rate` a second on the whole, at random moments
 * within, as independent people write (a Poisson process of a known total). Where a platform lets a bot say
 * less than that, fewer come; what a chat may not take, the next less popular one does.
 */
export function createTraffic(options: {
  rate: number
  seconds: number
  chats: number
  random: () => number
  allowance?: Allowance
}): Arrival[] {
  const { rate, seconds, chats, random, allowance = {} } = options
  const pickChat = createPopularity(chats, random)
  const { perChat, perMinute = Number.POSITIVE_INFINITY } = allowance
  const maxPerChat = perChat
    ? Math.floor(perChat.burst + perChat.perSecond * seconds)
    : Number.POSITIVE_INFINITY
  const total = Math.min(
    Math.round(rate * seconds),
    chats * maxPerChat,
    perMinute * Math.max(1, seconds / 60),
  )
  const taken = new Uint32Array(chats)
  const arrivals: Arrival[] = []
  while (arrivals.length < Math.floor(total)) {
    const atMs = random() * seconds * 1000
    const first = pickChat()
    const messages = random() < burstShare ? burstLength(random) : 1
    for (let i = 0; i < messages && arrivals.length < Math.floor(total); i++) {
      let chat = first
      while (taken[chat]! >= maxPerChat) chat = (chat + 1) % chats
      taken[chat]!++
      arrivals.push({ atMs, chat })
    }
  }
  return arrivals.sort((a, b) => a.atMs - b.atMs)
}

function burstLength(random: () => number): number {
  return minBurst + Math.floor(random() * (maxBurst - minBurst + 1))
}

/** Picks chats by Zipf's law: a table of the summed weights, searched by halving. */
function createPopularity(chats: number, random: () => number): () => number {
  const sums = new Float64Array(chats)
  let sum = 0
  for (let rank = 0; rank < chats; rank++) {
    sum += (rank + 1) ** -skew
    sums[rank] = sum
  }
  return () => {
    const target = random() * sum
    let low = 0
    let high = chats - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle]! > target) high = middle
      else low = middle + 1
    }
    return low
  }
}
