import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CrossingVersions } from './read-versions.ts'

/** The release before this build: what must go on working beside it. */
export interface PreviousRelease extends CrossingVersions {
  readonly version: string
  readonly commit: string
}

/** Where it is written down, for clones have no tags, and often not its commit either. */
export const previousReleaseFile = 'infra/deploy/previous-release.json'

/** Reads it. */
export function readPreviousRelease(root: string): PreviousRelease {
  return JSON.parse(readFileSync(join(root, previousReleaseFile), 'utf8')) as PreviousRelease
}
