import type { ControlDatabase } from '@botyard/control-database'
import type { PlatformAdapter } from '@botyard/platforms'
import type { Platform } from '@botyard/queue-contracts'
import type { Keyring, ReportSecurityEvent, TargetGuard } from '@botyard/service-kit'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { AdminMetrics } from '../metrics.ts'

/** What adding, changing and removing a bot stands on. */
export interface BotAdminDeps {
  readonly adapters: Readonly<Record<Platform, PlatformAdapter>>
  readonly db: ControlDatabase
  readonly keyring: Keyring
  readonly logger: Logger
  readonly metrics: AdminMetrics
  /** Where changes are announced; may be away. */
  readonly redis: Redis
  readonly security: ReportSecurityEvent
  readonly targets: Pick<TargetGuard, 'check' | 'dispatcher'>
}
