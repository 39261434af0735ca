import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Makes modules that import test files, so that these run one after the other in one process: most of the
 * time of a short test file is Node starting and reading the same modules again.
 */
export function writeGroups(
  files: readonly string[],
  groups: number,
  folder: string,
  root: string,
): string[] {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return Array.from({ length: Math.min(groups, files.length) }, (_, group) => {
    const own = files.filter((_, i) => i % groups === group)
    const path = join(folder, `group-${group + 1}.test.mjs`)
    writeFileSync(path, `import { test } from 'node:test'\n${own.map(file => importOf(file, root)).join('')}`)
    return path
  })
}

/** A file that cannot be read is a test that failed; the others of its group run. */
function importOf(file: string, root: string): string {
  const path = join(root, file)
  return `await import('${pathToFileURL(path)}').catch(error => test('${path}', () => { throw error }))\n`
}
