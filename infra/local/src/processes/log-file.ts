import {
  closeSync,
  copyFileSync,
  existsSync,
  fchmodSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs'

/**
 * A log larger than this moves to `<name>.1`, which it replaces: two of them bound the disk that a process
 * can fill.
 */
const maxBytes = 64 * 2 ** 20
const tailBytes = 16_384

/**
 * Opens a log for appending and returns its descriptor; an overgrown one of an earlier run moves aside first.
 */
export function openLog(file: string): number {
  if (existsSync(file) && statSync(file).size > maxBytes) renameSync(file, `${file}.1`)
  const log = openSync(file, 'a', 0o600)
  // One of an earlier run may be readable by others.
  fchmodSync(log, 0o600)
  return log
}

/**
 * Moves an overgrown log aside while a process writes to it: copied and emptied, since the process keeps it
 * open.
 */
export function trimLog(file: string): void {
  if (!existsSync(file) || statSync(file).size <= maxBytes) return
  copyFileSync(file, `${file}.1`)
  truncateSync(file)
}

/** What was written to a log from a byte position on; of a long piece only the last 16 KiB. */
export function readLogFrom(file: string, position: number): string {
  const log = openSync(file, 'r')
  try {
    const from = Math.max(position, statSync(file).size - tailBytes)
    const buffer = Buffer.alloc(tailBytes)
    return buffer.toString('utf8', 0, readSync(log, buffer, 0, tailBytes, from))
  } finally {
    closeSync(log)
  }
}

/** The size of a log in bytes, 0 if there is none: where the next piece begins. */
export function logSize(file: string): number {
  return existsSync(file) ? statSync(file).size : 0
}
