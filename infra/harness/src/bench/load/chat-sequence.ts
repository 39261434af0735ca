// Alone: the rest of the testkit would be loaded into the generator of the load.
import { createRandom } from '@botyard/testkit/random'

/**
 * How updates spread over chats: each in turn; ten of one chat back to back; a few chats busier than all
 * others.
 */
export const shapes = ['uniform', 'bursts', 'zipf'] as const
export type Shape = (typeof shapes)[number]

const burst = 10
/**
 * A prime that no sensible number of chats is a multiple of: every chat comes once before any comes again.
 */
const stride = 7919
const zipfDraws = 2 ** 18

/**
 * The chat (0 … chats-1) of each update of a run, the same for every system; costs next to nothing per
 * update.
 */
export function createChatSequence(shape: Shape, chats: number): () => number {
  if (shape === 'zipf') return zipf(chats)
  const length = shape === 'bursts' ? burst : 1
  let chat = 0
  let left = length
  return () => {
    if (left === 0) {
      chat = (chat + stride) % chats
      left = length
    }
    left--
    return chat
  }
}

/** Chat n comes with a probability proportional to 1/(n+1): of 20,000 chats the busiest gets 9.5 %. */
function zipf(chats: number): () => number {
  const cumulative = new Float64Array(chats)
  let total = 0
  for (let chat = 0; chat < chats; chat++) {
    total += 1 / (chat + 1)
    cumulative[chat] = total
  }
  const random = createRandom(1)
  const draws = Uint32Array.from({ length: zipfDraws }, () => firstAtLeast(cumulative, random() * total))
  let at = 0
  return () => draws[at++ % zipfDraws]!
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
