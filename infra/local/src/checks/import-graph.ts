import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync } from 'oxc-parser'
import type { Graph } from './find-circles.ts'

interface Manifest {
  readonly name: string
  readonly exports?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/**
 * Every source file of the workspace, and the ones that it imports, types included: a reader follows those as
 * well.
 */
export function fileGraph(root: string): Graph {
  const files = find(root, '**/*.{ts,mts,js,mjs}')
  const known = new Set(files)
  const entries = new Map(
    manifests(root).flatMap(({ folder, manifest: { name, exports = {} } }) =>
      Object.entries(exports).map(([path, file]) => [join(name, path), join(folder, file)]),
    ),
  )
  return new Map(
    files.map(file => {
      const targets = importsOf(file, readFileSync(join(root, file), 'utf8')).map(specifier =>
        specifier.startsWith('.') ? join(dirname(file), specifier) : entries.get(specifier),
      )
      return [file, targets.filter(target => target !== undefined && known.has(target)) as string[]]
    }),
  )
}

/** Every package of the workspace, and the ones that it depends on, for its tests too. */
export function packageGraph(root: string): Graph {
  const packages = manifests(root).map(({ manifest }) => manifest)
  const names = new Set(packages.map(({ name }) => name))
  return new Map(
    packages.map(({ name, dependencies, devDependencies }) => [
      name,
      Object.keys({ ...dependencies, ...devDependencies }).filter(used => names.has(used)),
    ]),
  )
}

function manifests(root: string): { folder: string; manifest: Manifest }[] {
  return find(root, 'package.json').map(file => ({
    folder: dirname(file),
    manifest: JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest,
  }))
}

function find(root: string, pattern: string): string[] {
  return globSync(`{apps,packages,infra}/*/${pattern}`, { cwd: root, exclude: ['**/node_modules/**'] }).sort()
}

function importsOf(file: string, text: string): string[] {
  const { staticImports, staticExports, dynamicImports } = parseSync(file, text).module
  return [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    // `import('…')` of a text; any other expression has no quotes to strip, and no file of that name.
    ...dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start + 1, end - 1)),
  ]
}
