/**
 * Gives the memory of a body back at once, if all of it is its own. Else it waits for the garbage collector,
 * which does not see how much hangs on an object of some bytes: a few bodies of 26 MiB an hour would keep the
 * process large.
 */
export function freeBytes({ buffer, byteLength }: Uint8Array): void {
  const isWhole = byteLength > 0 && buffer.byteLength === byteLength
  if (isWhole && buffer instanceof ArrayBuffer) buffer.transfer(0)
}
