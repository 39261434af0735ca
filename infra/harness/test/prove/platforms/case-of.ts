import { type ConformanceCase, loadCases } from '@botyard/platforms/conformance'

const cases = await loadCases()

/** The conformance case of a platform, to sign calls as it does. */
export function caseOf(platform: string): ConformanceCase {
  const found = cases.find(each => each.platform === platform)?.case
  if (!found) throw new Error(`No conformance case of ${platform}`)
  return found
}

/** Ends what the cases started; a process that holds their servers of keys would not end. */
export async function endCases(): Promise<void> {
  for (const { case: of } of cases) await of?.end?.()
}
