import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeySet } from '@botyard/service-kit'
import { newKeys } from '../../shared/apps.ts'

/** Every process's own keyring file, as pods have: they change one after another. */
export interface KeyFiles {
  readonly now: KeySet
  pathOf(process: string): string
  /** Writes keys into the files of all processes that have one. */
  rollOut(keys: KeySet): Promise<void>
}

/** A keyring of one key, in a file a process. */
export async function createKeyFiles(folder: string, processes: readonly string[]): Promise<KeyFiles> {
  let now: KeySet = newKeys()
  const pathOf = (process: string) => join(folder, process)

  async function rollOut(keys: KeySet): Promise<void> {
    now = keys
    for (const process of processes) {
      // Beside and renamed: nobody reads half a file.
      await writeFile(`${pathOf(process)}.new`, JSON.stringify(keys), { mode: 0o600 })
      await rename(`${pathOf(process)}.new`, pathOf(process))
    }
  }

  await rollOut(now)
  return {
    get now() {
      return now
    },
    pathOf,
    rollOut,
  }
}
