/** Memory for large bodies, in pages. A thread that has `shared` reads what was put into them. */
export interface BodyMemory {
  readonly shared: SharedArrayBuffer
  /** A body that has no byte yet. */
  open(): PagedBody
}

/** What a body lies in. */
export interface BodyPages {
  readonly pages: readonly number[]
  readonly length: number
}

/** As large as the pieces that Node reads at most. */
const pageBytes = 64 * 1024

/**
 * Of so many bytes, which are taken from the system when a page is first written to. V8 counts what a
 * `Buffer` holds towards its next garbage collection, so bodies of strangers made it mark the whole heap
 * once a second, each time for 14 ms. Of shared memory it counts nothing. In return each body has to be
 * released.
 */
export function createBodyMemory(bytes: number): BodyMemory {
  const shared = new SharedArrayBuffer(Math.ceil(bytes / pageBytes) * pageBytes)
  const memory = Buffer.from(shared)
  // The last one released is the next one taken: what is in use stays small, and in the processor's caches.
  const free = Array.from({ length: memory.length / pageBytes }, (_, n) => n).reverse()
  return { shared, open: () => new PagedBody(memory, free) }
}

/** A large body as it comes in. */
export class PagedBody implements BodyPages {
  readonly #memory: Buffer
  readonly #free: number[]
  readonly pages: number[] = []
  length = 0

  constructor(memory: Buffer, free: number[]) {
    this.#memory = memory
    this.#free = free
  }

  /** Copies a piece behind those before it; false if no page is left. */
  add(piece: Buffer): boolean {
    let copied = 0
    while (copied < piece.length) {
      const used = this.length % pageBytes
      if (used === 0) {
        const page = this.#free.pop()
        if (page === undefined) return false
        this.pages.push(page)
      }
      // Not by `set`: to shared memory that copies byte by byte, five times as slowly.
      const part = piece.copy(
        this.#memory,
        this.pages.at(-1)! * pageBytes + used,
        copied,
        copied + pageBytes - used,
      )
      this.length += part
      copied += part
    }
    return true
  }

  /** Gives the pages back; nobody reads them any more. */
  release(): void {
    this.#free.push(...this.pages.splice(0).reverse())
    this.length = 0
  }
}

/** A copy of a body in one piece. */
export function joinPages(shared: SharedArrayBuffer, { pages, length }: BodyPages): Buffer<ArrayBuffer> {
  const memory = Buffer.from(shared)
  const body = Buffer.allocUnsafeSlow(length)
  for (const [n, page] of pages.entries())
    memory.copy(body, n * pageBytes, page * pageBytes, (page + 1) * pageBytes)
  return body
}
