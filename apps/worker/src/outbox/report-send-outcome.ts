import type { Limit, SendResult } from '@botyard/platforms'
import type { Grant, Sender, SendLimits } from '@botyard/send-limits'
import type { Logger } from 'pino'
import type { WorkerMetrics } from '../metrics.ts'

/**
 * Feeds what the platform's answer revealed back into the shared limits: windows, pauses, errors,
 * credentials. Never rejects: the send's own outcome counts, whether or not Redis can take notes. `lateMs` is
 * how long after its slot a broadcast's message may have arrived. Resolves to how long the message waits if
 * the credentials were refused, in ms.
 */
export type ReportSendOutcome = (
  sender: Sender,
  under: readonly Limit[],
  grant: Grant,
  result: SendResult,
  lateMs: number,
) => Promise<number | undefined>

/** The reason of an unhealthy bot, as the admin API shows it. */
const refused = 'WRK_CREDENTIALS_REFUSED'

/** Makes the report of one worker process; all workers share the limits behind it. */
export function createReportSendOutcome(deps: {
  limits: SendLimits
  metrics: Pick<WorkerMetrics, 'trouble'>
  logger: Logger
}): ReportSendOutcome {
  const { limits, metrics, logger } = deps

  return async (sender, under, grant, result, lateMs) => {
    const pauses = result.status === 'retry' ? (result.pauses ?? []) : []
    try {
      const [pauseMs] = await Promise.all([
        reportHealth(sender, grant, result),
        limits.late(sender, under, grant, lateMs),
        limits.learn(sender, grant, result.learned ?? []),
        limits.pause(sender, pauses),
        limits.charge(sender, under, result.errors ?? []),
      ])
      return pauseMs
    } catch (err) {
      metrics.trouble()
      logger.warn({ err, bot: sender.id }, 'limits not told what the platform answered')
      return undefined
    }
  }

  async function reportHealth(
    sender: Sender,
    { probe }: Grant,
    result: SendResult,
  ): Promise<number | undefined> {
    if (result.status === 'failed' && result.blame === 'credentials') {
      const { first, afterMs } = await limits.unhealthy(sender, refused)
      if (first)
        logger.error({ ...ids(sender), reason: result.reason }, 'credentials refused, the bot sends no more')
      return afterMs
    }
    // Whatever else the platform says of the message, it took the credentials; if it was shown them.
    const taken = (result.status === 'sent' || result.status === 'failed') && result.shown !== false
    if (probe && taken && (await limits.healthy(sender))) {
      logger.info(ids(sender), 'credentials taken again, the bot sends')
    }
    return undefined
  }
}

/** Which tenant it is stays out of the log: some platforms name people by it. */
function ids({ id, platform, tenant }: Sender) {
  return { bot: id, platform, ...(tenant !== undefined && { tenant: true }) }
}
