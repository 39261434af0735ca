import type { Logger } from 'pino'
import type { ShardReport } from './migrate-shards.ts'

/** One line a shard, and one for all; returns whether none failed. */
export function logShardReports(logger: Logger, reports: readonly ShardReport[]): boolean {
  for (const { shard, status, ...report } of reports) {
    if (status === 'failed') {
      const { error: err, applied } = report as { error: unknown; applied: readonly string[] }
      logger.error({ shard, applied, err }, 'shard not migrated')
    } else if (status === 'pending') logger.info({ shard, ...report }, 'shard has pending migrations')
    else if (status === 'migrated') logger.info({ shard, ...report }, 'shard migrated')
    else logger.info({ shard }, 'shard is up to date')
  }
  const failed = reports.filter(report => report.status === 'failed').length
  logger.info({ shards: reports.length, failed }, 'shards done')
  return failed === 0
}
