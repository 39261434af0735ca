import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startBotApi } from '@botyard/platform-simulators'
import { startDeployment } from '../../shared/deployment/deployment.ts'
import { startPrometheus } from '../../shared/prometheus.ts'
import { percentiles, renderMs } from '../../shared/statistics.ts'
import { waitWhileItMoves } from '../../shared/wait.ts'
import { problemsOf } from '../../simulate/ledger.ts'
import { platforms } from '../../simulate/platforms/index.ts'
import { registerBot } from '../../simulate/register-bot.ts'
import { simulateTraffic, type TrafficReport } from '../../simulate/simulate-traffic.ts'
import { type ProbeReport, probe } from './probe.ts'

/** What is sustainable, and how long ten times of it. */
export interface SpikeOptions {
  /**
   * Handlers at once: each takes a tenth of a second, so ten times as many updates a second can be handled.
   */
  readonly places: number
  readonly seconds: number
  /** Updates that may wait before the bot's platform is told to call again. */
  readonly maxBacklog: number
  readonly seed: number
}

/** What was seen. */
export interface SpikeReport {
  readonly spike: TrafficReport
  /** Of another bot: before the spike and during it. */
  readonly usual: ProbeReport
  readonly meanwhile: ProbeReport
  /** Alerts that fired, in the order in which they were first seen. */
  readonly alerts: readonly string[]
  readonly problems: readonly string[]
}

const timesSustainable = 10
/** "ACK p99 of accepted within 3 × normal." */
const maxTimes = 3
/** Where both are next to nothing, a tick of the clock is no fault. */
const tickMs = 10
const expectedAlert = 'BotBacklogLarge'
const warmUpSeconds = 15
const alertPatienceMs = 240_000

/** Sends one bot ten times what its handlers can do, while another bot is written to as always. */
export async function runSpike(
  options: SpikeOptions,
  directory: string,
  say: (line: string) => void,
): Promise<SpikeReport> {
  const { places, seconds, maxBacklog, seed } = options
  await using stack = new AsyncDisposableStack()
  const deployment = stack.use(
    await startDeployment({
      bots: 'spike',
      env: { WORKER_CONCURRENCY: String(places), MAX_BACKLOG_UPDATES: String(maxBacklog) },
    }),
  )
  const prometheus = await startPrometheus(deployment.members, join(directory, 'prometheus'))
  stack.defer(() => prometheus.stop())
  const api = stack.adopt(await startBotApi(), it => it.close())
  const secret = 'the-secret-of-another-bot'
  const credentials = { token: api.token, webhookSecret: secret, apiRoot: api.url }
  const other = await registerBot(deployment.system, 'telegram', credentials)
  const watched = watchAlerts(prometheus.firing)
  stack.defer(watched.stop)

  const probed = { url: other.webhookUrl, secret }
  say(`${warmUpSeconds} s as usual`)
  const usual = await probe(probed, AbortSignal.timeout(warmUpSeconds * 1000))

  const sustainable = places * 10
  const rate = sustainable * timesSustainable
  say(`${seconds} s at ${rate}/s, of which ${sustainable}/s can be handled`)
  const sent = new AbortController()
  const [spike, meanwhile] = await Promise.all([
    simulateTraffic(
      {
        ...{ rate, seconds, seed, chats: 20_000, patienceSeconds: 90, duplicateShare: 0.02 },
        run: deployment.system,
        platform: platforms.telegram!,
      },
      {
        onProgress(second, { counts }) {
          if (second >= seconds) sent.abort()
          if (Math.round(second) % 10 === 0) say(`${Math.round(second)} s: ${JSON.stringify(counts)}`)
        },
        onWarning: say,
      },
      new AbortController().signal,
    ),
    probe(probed, sent.signal),
  ])
  say('waiting for the alerts to clear')
  const { done: cleared, seen: left } = await waitWhileItMoves(prometheus.firing, {
    ...{ isDone: firing => firing.length === 0, patienceMs: alertPatienceMs, everyMs: 1000 },
  })
  const problems = problemsOf(spike)
  if (spike.refusedWithoutTime > 0)
    problems.push(`${spike.refusedWithoutTime} refusals did not say when to call again`)
  const [usualMs, spikeMs] = [percentiles(usual.ackMs).p99 ?? 0, percentiles(meanwhile.ackMs).p99 ?? 0]
  if (spikeMs > maxTimes * usualMs + tickMs)
    problems.push(`the other bot's ACK p99 was ${renderMs(spikeMs)}, and ${renderMs(usualMs)} before`)
  if ((spike.ackMs.p99 ?? 0) > maxTimes * usualMs + tickMs)
    problems.push(`its own ACK p99 was ${renderMs(spike.ackMs.p99)}, and ${renderMs(usualMs)} as usual`)
  if (meanwhile.refused > 0) problems.push(`${meanwhile.refused} updates of the other bot were refused`)
  if (!watched.seen.includes(expectedAlert)) problems.push(`the alert ${expectedAlert} did not fire`)
  if (!cleared) problems.push(`alerts still fire: ${left.join(', ')}`)
  return { spike, usual, meanwhile, alerts: watched.seen, problems }
}

function watchAlerts(firing: () => Promise<string[]>): { seen: string[]; stop(): Promise<void> } {
  const seen: string[] = []
  const ending = new AbortController()
  const ended = (async () => {
    while (!ending.signal.aborted) {
      for (const name of await firing().catch((): string[] => [])) if (!seen.includes(name)) seen.push(name)
      await delay(1000, undefined, { signal: ending.signal }).catch(() => undefined)
    }
  })()
  return {
    seen,
    async stop() {
      ending.abort()
      await ended
    },
  }
}
