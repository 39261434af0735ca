import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Options of a test that needs programs which npm does not bring. Without one of them the test is skipped and
 * says why; where REQUIRE_TOOLS is set, as in CI, it is an error instead.
 */
export function needsTools(...names: readonly string[]): { skip: string | false } {
  const missing = names.filter(name => !isInstalled(name))
  if (missing.length === 0) return { skip: false }
  const why = `not installed: ${missing.join(', ')}`
  if (process.env.REQUIRE_TOOLS) throw new Error(`${why}; REQUIRE_TOOLS wants all tests to run`)
  return { skip: why }
}

/** Debian keeps some servers in folders that are on no user's path. */
const alsoThere = ['/usr/sbin', '/usr/local/sbin', '/sbin']

function isInstalled(name: string): boolean {
  return [...(process.env.PATH ?? '').split(delimiter), ...alsoThere].some(folder => {
    try {
      accessSync(join(folder || '.', name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
