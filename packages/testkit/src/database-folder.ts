import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

const memory = '/dev/shm'
/** A dozen clusters with their logs; a container's own 64 MB are too little for one. */
const enoughBytes = 4 * 1024 ** 3

/**
 * Where test databases keep their files: in memory if there is room. What they write to a disk holds up each
 * fsync of a Redis on the same disk, and in production they are on other machines.
 */
export function databaseFolder(): string {
  try {
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize >= enoughBytes ? memory : tmpdir()
  } catch {
    return tmpdir()
  }
}
