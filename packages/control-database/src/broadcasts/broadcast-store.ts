import type { Keyring } from '@botyard/service-kit'
import type { ControlDatabase } from '../database/control-database.ts'
import { type BroadcastReleases, createBroadcastReleases } from './broadcast-releases.ts'
import { type BroadcastRemovals, createBroadcastRemovals } from './broadcast-removals.ts'
import { type BroadcastUploads, createBroadcastUploads } from './broadcast-uploads.ts'

/** The broadcasts of the control database. */
export interface BroadcastStore extends BroadcastUploads, BroadcastReleases, BroadcastRemovals {}

/** The store; messages and recipients are sealed by `keyring`. */
export function createBroadcastStore(db: ControlDatabase, keyring: Keyring): BroadcastStore {
  return {
    ...createBroadcastUploads(db, keyring),
    ...createBroadcastReleases(db, keyring),
    ...createBroadcastRemovals(db),
  }
}
