import type { ReportSecurityEvent } from '@botyard/service-kit'
import type { MoveDeps, MoveRunner } from '@botyard/shard-routing/moves'

/** What registering shards and moving keys between them stands on. */
export interface ShardDeps {
  /** Where moves are recorded, and how the shards are reached to look at them first. */
  readonly moves: Omit<MoveDeps, 'onStep'>
  /** Makes them; this process or another. */
  readonly runner: Pick<MoveRunner, 'wake'>
  readonly security: ReportSecurityEvent
}
