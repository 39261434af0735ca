import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { fileGraph } from '../checks/import-graph.ts'
import { StartupError } from '../errors.ts'
import { allTiers, type Tier, tiersOf } from './tiers.ts'

/** Which files run, each in its tier, and which of their tests. */
export interface Choice {
  readonly tiers: ReadonlyMap<string, Tier>
  /** Only tests whose name has all of these; without any, all tests. */
  readonly names: readonly string[]
}

const howToName =
  'Name a package (mailbox), a folder or a file, or words of the name of a test: npm test -- mailbox "handed over"'

const tests = '{apps,packages,infra}/*/test/**/*.test.ts'

/**
 * Understands what stands behind `npm test --`: the name of a package, a folder, a file, a pattern of files,
 * the name of a test file, a tier, or words of a test's name. Several of the first kinds add up; tiers and
 * words of names narrow them.
 */
export function chooseTests(said: readonly string[], root: string): Choice {
  if (said.some(word => word.startsWith('-')))
    throw new StartupError('npm test takes names, and no options.', howToName)
  const wanted = allTiers.filter(tier => said.includes(tier))
  const { files, names } = chooseFiles(
    said.filter(word => !wanted.includes(word as Tier)),
    root,
  )
  const tiers = tiersOf(files, fileGraph(root), root)
  if (wanted.length === 0) return { tiers, names }
  return { tiers: new Map([...tiers].filter(([, tier]) => wanted.includes(tier))), names }
}

function chooseFiles(words: readonly string[], root: string): { files: string[]; names: string[] } {
  const all = globSync(tests, { cwd: root, exclude: ['**/node_modules/**'] }).sort()
  const chosen = words.map(word => filesOf(word, all, root))
  const names = words.filter((_, i) => chosen[i] === undefined)
  const lists = chosen.filter(files => files !== undefined)
  const files = lists.length === 0 ? all : all.filter(file => lists.some(list => list.includes(file)))
  const named = files.filter(file => names.every(name => hasName(join(root, file), name)))
  if (named.length > 0) return { files: named, names }
  throw new StartupError(`No test is called ${words.map(word => `"${word}"`).join(' ')}.`, howToName)
}

/** `undefined`: the word names no files. */
function filesOf(word: string, all: readonly string[], root: string): string[] | undefined {
  const found = [
    all.filter(file => isInFolder(file, word)),
    all.filter(file => isAt(file, relative(root, join(root, word)), root)),
    all.filter(file => [basename(file), basename(file, '.test.ts')].includes(word)),
  ].find(files => files.length > 0)
  if (found !== undefined || !word.includes('*')) return found
  const matching = new Set(globSync(word, { cwd: root }))
  return all.filter(file => matching.has(file))
}

/** `mailbox` and `@botyard/mailbox` are packages, `moves` is a folder of tests in one of them. */
function isInFolder(file: string, word: string): boolean {
  const [, workspace, , ...folders] = file.split('/').slice(0, -1)
  return [workspace, ...folders].includes(word.replace(/^@botyard\//, '').replace(/^local-infra$/, 'local'))
}

function isAt(file: string, path: string, root: string): boolean {
  if (path === '' || !existsSync(join(root, path))) return false
  return statSync(join(root, path)).isDirectory() ? file.startsWith(`${path}/`) : file === path
}

function hasName(path: string, name: string): boolean {
  return readFileSync(path, 'utf8').toLowerCase().includes(name.toLowerCase())
}
