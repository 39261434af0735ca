import { splitLines } from './split-lines.ts'

/** How a file is to be got. */
export interface DownloadOptions {
  /** What the platform asks for, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>
  /** The most bytes; a longer file fails with `DownloadTooLargeError`. Default 1 GiB. */
  readonly maxBytes?: number
  /** Ends it, as `ctx.signal` always does. */
  readonly signal?: AbortSignal
}

/**
 * A file that comes as it is read: nothing is asked for before, and no more is kept in memory than was not
 * read yet. Reads once.
 */
export interface Download extends AsyncIterable<Uint8Array> {
  /**
   * The lines of a text in UTF-8, without their ends (LF or CRLF). A line of more than `maxBytes` (1 MiB)
   * fails with `DownloadTooLargeError`.
   */
  lines(options?: { readonly maxBytes?: number }): AsyncIterable<string>
}

/** Gets a file; what `ctx.download` is made of. */
export type OpenDownload = (
  url: string | URL,
  options: DownloadOptions & { readonly signal: AbortSignal },
) => Download

const maxLineBytes = 1024 ** 2

/** Adds to bytes what a bot can do with them. */
export function createDownload(bytes: AsyncIterable<Uint8Array>): Download {
  return {
    [Symbol.asyncIterator]: () => bytes[Symbol.asyncIterator](),
    lines: ({ maxBytes = maxLineBytes } = {}) => splitLines(bytes, maxBytes),
  }
}
