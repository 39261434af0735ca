import { type ConformanceCase, loadCases } from '@botyard/platforms/conformance'

const cases = await loadCases()

/** The conformance case of a platform, to sign calls as it does. */
export function caseOf(platform: string): ConformanceCase {
  const found = cases.find(each => each.platform === platform)?.case
  if (!found) throw new Error(`No conformance case of ${platform}`)
  return found
}
