import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Hooks of a whole file would become those of its group; what a file does to its process is done to all. */
const needsOwnProcess =
  /^(?:before|after|beforeEach|afterEach)\(|^(?:const|let) .* = await |\bprocess\.(?:env|on|once|exit|chdir|kill)\b/m

/** Whether a test file can run in one process with others. */
export function sharesProcess(file: string, root: string): boolean {
  return !needsOwnProcess.test(readFileSync(join(root, file), 'utf8'))
}

/**
 * Makes modules that import test files, so that these run one after the other in one process: most of the
 * time of a short test file is Node starting and reading the same modules again.
 *
 * @param name - What the files of the modules begin with.
 */
export function writeGroups(
  name: string,
  files: readonly string[],
  groups: number,
  folder: string,
  root: string,
): string[] {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return Array.from({ length: Math.min(groups, files.length) }, (_, group) => {
    const own = files.filter((_, i) => i % groups === group)
    const path = join(folder, `${name}-${group + 1}.test.mjs`)
    writeFileSync(path, `import { test } from 'node:test'\n${own.map(file => importOf(file, root)).join('')}`)
    return path
  })
}

/** A file that cannot be read is a test that failed; the others of its group run. */
function importOf(file: string, root: string): string {
  const path = join(root, file)
  return `await import('${pathToFileURL(path)}').catch(error => test('${path}', () => { throw error }))\n`
}
