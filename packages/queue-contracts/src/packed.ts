import { promisify } from 'node:util'
import { constants, zstdCompressSync, zstdDecompress } from 'node:zlib'

/** Raw bytes of this size or more are stored compressed: below it, compressing costs more than it saves. */
export const packBytes = 128 * 1024

/** No body is larger; what claims to unpack to more is not ours. */
const maxUnpackedBytes = 128 * 1024 * 1024

const decompress = promisify(zstdDecompress)

/**
 * Compresses raw bytes with zstd at its fastest level, 4 ms a mebibyte: for a thread, never for the event
 * loop. Undefined if they are small, or do not get smaller.
 */
export function pack(raw: Uint8Array): Buffer | undefined {
  if (raw.length < packBytes) return undefined
  const packed = zstdCompressSync(raw, { params: { [constants.ZSTD_c_compressionLevel]: 1 } })
  return packed.length < raw.length ? packed : undefined
}

/**
 * The reverse of {@link pack}, in a thread of Node's own pool; rejects for bytes that `pack` did not make.
 */
export async function unpack(packed: Uint8Array): Promise<Buffer> {
  return decompress(packed, { maxOutputLength: maxUnpackedBytes })
}
