import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A folder on a disk of its own that can be filled. */
export interface SmallDisk {
  readonly dir: string
  /** Leaves no byte free. */
  fill(): Promise<void>
  /** Frees what `fill` took. */
  free(): Promise<void>
  close(): Promise<void>
}

/**
 * Whether this process may mount one: root on Linux. Elsewhere `/dev/full` is a file on a full disk, for a
 * log.
 */
export const canMountSmallDisk = process.platform === 'linux' && userInfo().uid === 0

/** Mounts a file system of that many bytes in memory. */
export async function mountSmallDisk(bytes: number): Promise<SmallDisk> {
  const dir = await mkdtemp(join(tmpdir(), 'botyard-disk-'))
  await run('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0777`, 'tmpfs', dir])
  const filler = join(dir, 'filler')
  return {
    dir,
    async fill() {
      // Writes until there is no room: that is the point.
      await writeFile(filler, Buffer.alloc(bytes)).catch(() => undefined)
    },
    free: () => rm(filler, { force: true }),
    async close() {
      await run('umount', ['-l', dir])
      await rm(dir, { recursive: true, force: true })
    },
  }
}
