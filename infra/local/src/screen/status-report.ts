import type { AppName } from '../apps/app-process.ts'
import type { MetricsPage } from './metrics-page.ts'
import type { Terminal } from './terminal.ts'

/** What one look at the ops routes of all apps has found; no page where an app did not answer. */
export interface Sighting {
  /** Milliseconds on a monotonic clock. */
  readonly atMs: number
  readonly apps: Readonly<
    Record<AppName, { readonly ready: boolean; readonly page: MetricsPage | undefined }>
  >
}

/** The lines of `npm run status`: the state now, and the rates since the sighting before. */
export function statusReport(before: Sighting, now: Sighting, { bold, dim, green, red }: Terminal): string[] {
  const { gateway, worker } = now.apps
  const seconds = (now.atMs - before.atMs) / 1000
  const lines: [name: string, text: string][] = []

  if (worker.page) {
    const waiting = (box: string) =>
      whole(worker.page!.sum('botyard_waiting_updates', labels => labels.box === box))
    const oldest = worker.page.max('botyard_oldest_pending_seconds')
    lines.push([
      'backlog',
      `${waiting('inbox')} updates, ${waiting('outbox')} replies; oldest pending ${duration(oldest)}`,
    ])
  }
  const rate = (app: AppName, name: string, fits?: (labels: Readonly<Record<string, string>>) => boolean) => {
    const [page, earlier] = [now.apps[app].page, before.apps[app].page]
    // Less than before means that the process was started anew in between.
    return page && earlier ? Math.max(0, page.sum(name, fits) - earlier.sum(name, fits)) / seconds : 0
  }
  const quantiles = (app: AppName, name: string) => {
    const [page, earlier] = [now.apps[app].page, before.apps[app].page]
    const p50 = page && earlier && page.quantile(name, 0.5, earlier)
    const p99 = page && earlier && page.quantile(name, 0.99, earlier)
    return p50 === undefined || p99 === undefined
      ? ''
      : dim(`  p50 ≤ ${duration(p50)}, p99 ≤ ${duration(p99)}`)
  }

  if (gateway.page) {
    const received = 'botyard_updates_received_total'
    const accepted = rate(
      'gateway',
      received,
      ({ outcome }) => outcome === 'accepted' || outcome === 'delayed',
    )
    const duplicates = rate('gateway', received, ({ outcome }) => outcome === 'duplicate')
    const refused = rate('gateway', 'botyard_webhook_refusals_total')
    lines.push([
      'accepted',
      `${perSecond(accepted)}${extra(duplicates, 'duplicates')}${extra(refused, 'refused')}${quantiles('gateway', 'botyard_ack_seconds')}`,
    ])
  }
  if (worker.page) {
    const handled = 'botyard_updates_handled_total'
    const failures = ['failed', 'dead', 'parked']
    const failed = rate('worker', handled, ({ outcome }) => failures.includes(outcome!))
    const done = rate('worker', handled, ({ outcome }) => outcome === 'ok')
    const sends = 'botyard_sends_total'
    const limited = rate('worker', sends, ({ outcome }) => outcome === 'limited')
    const dead = worker.page.sum('botyard_dead_letters_total')
    const parked = worker.page.sum('botyard_waiting_conversations', ({ state }) => state === 'parked')
    lines.push([
      'handled',
      `${perSecond(done)}${extra(failed, 'failed')}${quantiles('worker', 'botyard_handler_seconds')}`,
    ])
    lines.push([
      'sent',
      `${perSecond(rate('worker', sends, ({ outcome }) => outcome === 'sent'))}${extra(limited, 'told to slow down (429)')}${quantiles('worker', 'botyard_update_age_at_reply_seconds')}`,
    ])
    if (dead > 0) lines.push(['dead', `${whole(dead)} dead letters since the worker's start`])
    if (parked > 0) lines.push(['parked', `${whole(parked)} conversations wait for an operator`])
    for (const { bot, handler } of worker.page.labels('botyard_bot_without_handler')) {
      lines.push(['no code', red(`the mail of ${bot} waits: no worker has its handler ${handler}`)])
    }
  }

  const health = Object.entries(now.apps).map(([name, app]) =>
    app.ready
      ? `${green('●')} ${name}`
      : `${red('●')} ${name} ${red(app.page ? 'is not ready' : 'does not answer')}`,
  )
  return [
    `  ${bold('Botyard')}   ${health.join('   ')}`,
    ...lines.map(([name, text]) => `    ${dim(name.padEnd(10))}${text}`),
    dim(`    rates over ${seconds.toFixed(1)} s`),
  ]
}

function perSecond(rate: number): string {
  return `${rate >= 10 || rate === 0 ? whole(rate) : rate.toFixed(1)} /s`
}

function extra(rate: number, what: string): string {
  return rate > 0 ? `, ${perSecond(rate)} ${what}` : ''
}

function whole(n: number): string {
  return Math.round(n).toLocaleString('en')
}

function duration(seconds: number): string {
  if (seconds === Number.POSITIVE_INFINITY) return 'more than the largest bucket'
  if (seconds >= 120) return `${Math.round(seconds / 60)} min`
  return seconds >= 1 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds * 1000)} ms`
}
