import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'

/** What fits a screen, and tells what a package is for. */
const maxNames = 60

/** One line for each package whose `index.ts` exports too many names, or does not say which. */
export function findCrowdedPackages(root: string): string[] {
  const files = globSync('packages/*/src/index.ts', { cwd: root }).sort()
  return files.flatMap(file => faultsOf(root, file))
}

function faultsOf(root: string, file: string): string[] {
  const { staticExports } = parseSync(file, readFileSync(join(root, file), 'utf8')).module
  const entries = staticExports.flatMap(({ entries }) => entries)
  const hidden = entries.filter(({ exportName }) => exportName.kind === 'None')
  const names = entries.length - hidden.length
  return [
    ...hidden.map(
      ({ moduleRequest }) => `${file} exports all of ${moduleRequest?.value}: name what is meant`,
    ),
    ...(names > maxNames ? [`${file} exports ${names} names, more than ${maxNames}`] : []),
  ]
}
