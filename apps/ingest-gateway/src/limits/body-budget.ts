/** Bodies up to this size have a part of the budget to themselves: it is what nearly all updates are. */
const smallBytes = 64 * 1024

/** Room for one call's body. */
export interface BodyRoom {
  /** Makes room for more than was announced, of a body that comes in chunks; false if there is none. */
  grow(bytes: number): boolean
  /** Gives all of it back; once. */
  release(): void
}

/**
 * What there is: bytes of bodies that are being read or handled, in all and of one address, and calls of one
 * address.
 */
export interface BodyBudgetOptions {
  readonly maxBytes: number
  readonly maxBytesPerAddress: number
  readonly maxCallsPerAddress: number
}

/** Bounds the memory that callers take before anybody knows who they are. */
export interface BodyBudget {
  /** Room for a call with a body of the announced size, or whose share is used up. */
  take(address: string, bytes: number): BodyRoom | 'address' | 'process'
  /** The largest body that there can be room for. */
  readonly maxBytesOfOne: number
  /** Bytes that are taken now. */
  readonly bytes: number
}

interface Share {
  bytes: number
  calls: number
}

/**
 * Room is taken for what a body announces, before any of it is read, so that what came cannot turn out to be
 * too much. Large bodies get two thirds of it at most: those who announce much and send nothing shut out
 * nobody who sends a small one.
 */
export function createBodyBudget({
  maxBytes,
  maxBytesPerAddress,
  maxCallsPerAddress,
}: BodyBudgetOptions): BodyBudget {
  const maxLarge = Math.floor((maxBytes * 2) / 3)
  const shares = new Map<string, Share>()
  let total = 0
  let large = 0

  class Room implements BodyRoom {
    readonly #address: string
    readonly #share: Share
    #bytes: number

    constructor(address: string, share: Share, bytes: number) {
      this.#address = address
      this.#share = share
      this.#bytes = bytes
      share.calls++
      count(share, 0, bytes)
    }

    grow(bytes: number): boolean {
      const wanted = this.#bytes + bytes
      if (this.#share.bytes + bytes > maxBytesPerAddress || !fits(this.#bytes, wanted)) return false
      count(this.#share, this.#bytes, wanted)
      this.#bytes = wanted
      return true
    }

    release(): void {
      if (this.#bytes < 0) return
      count(this.#share, this.#bytes, 0)
      this.#bytes = -1
      if (--this.#share.calls === 0) shares.delete(this.#address)
    }
  }

  function largePart(bytes: number): number {
    return bytes > smallBytes ? bytes : 0
  }

  function fits(before: number, after: number): boolean {
    if (total - before + after > maxBytes) return false
    return after <= smallBytes || large - largePart(before) + after <= maxLarge
  }

  function count(share: Share, before: number, after: number): void {
    share.bytes += after - before
    total += after - before
    large += largePart(after) - largePart(before)
  }

  return {
    take(address, bytes) {
      const known = shares.get(address)
      if (known && (known.calls >= maxCallsPerAddress || known.bytes + bytes > maxBytesPerAddress))
        return 'address'
      if (bytes > maxBytesPerAddress) return 'address'
      if (!fits(0, bytes)) return 'process'
      const share = known ?? { bytes: 0, calls: 0 }
      if (!known) shares.set(address, share)
      return new Room(address, share, bytes)
    },
    maxBytesOfOne: Math.min(maxBytesPerAddress, Math.max(smallBytes, maxLarge)),
    get bytes() {
      return total
    },
  }
}
