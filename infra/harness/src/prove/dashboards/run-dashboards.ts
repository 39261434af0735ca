import { join } from 'node:path'
import { type Board, boards } from '@botyard/monitoring'
import { startBotApi } from '@botyard/platform-simulators'
import { untilTrue } from '@botyard/testkit'
import { startDeployment } from '../../shared/deployment/deployment.ts'
import { startPrometheus } from '../../shared/prometheus.ts'
import { queryRange, ruleFaults, type Series, type Span } from './ask-prometheus.ts'
import { drawBoard } from './draw-board.ts'
import type { FilledPanel } from './filled-panel.ts'
import { sendVariedTraffic } from './varied-traffic.ts'

/** How much traffic. */
export interface DashboardsOptions {
  /** Messages a second of each of three platforms. */
  readonly rate: number
  readonly seconds: number
}

/** What was seen. */
export interface DashboardsReport {
  readonly panels: number
  /** Panels without data that need something to go wrong, or to be set up, first. */
  readonly quiet: readonly string[]
  readonly alerts: readonly string[]
  /** Pictures, if there is a Chromium, otherwise pages. */
  readonly files: readonly string[]
  readonly problems: readonly string[]
}

/** Looks at every panel of every board through a real Prometheus that watches a real system under traffic. */
export async function runDashboards(
  options: DashboardsOptions,
  directory: string,
  say: (line: string) => void,
): Promise<DashboardsReport> {
  await using stack = new AsyncDisposableStack()
  const deployment = stack.use(await startDeployment())
  const prometheus = await startPrometheus(deployment.members, join(directory, 'prometheus'))
  stack.defer(() => prometheus.stop())
  const api = stack.adopt(await startBotApi(), it => it.close())

  const from = Date.now() / 1000
  say(`${options.seconds} s of traffic`)
  const bot = await sendVariedTraffic(deployment, api, options, say)
  const span: Span = { from, to: Date.now() / 1000 }

  const problems: string[] = []
  await untilTrue(async () => {
    const faults = await ruleFaults(prometheus.url)
    problems.push(...(faults ?? []))
    return faults !== undefined
  }, 'all rules to be evaluated')

  const quiet: string[] = []
  const files: string[] = []
  let panels = 0
  for (const board of boards) {
    const filled = await fill(board, prometheus.url, bot, span)
    panels += filled.length
    for (const { panel, series, fault } of filled) {
      const name = `${board.title}, ${panel.title}`
      if (fault !== undefined) problems.push(`${name}: ${fault}`)
      else if (!hasData(series)) (panel.quiet ? quiet : problems).push(`${name}: no data`)
    }
    files.push(await drawBoard(board, filled, span, directory))
  }
  const alerts = await prometheus.firing()
  problems.push(...alerts.map(alert => `the alert ${alert} fires`))
  return { panels, quiet, alerts, files, problems }
}

function hasData(series: readonly Series[]): boolean {
  return series.some(({ points }) => points.length > 0)
}

async function fill(
  { rows }: Board,
  url: string,
  bot: string,
  span: Span,
): Promise<(FilledPanel & { fault: string | undefined })[]> {
  const panels = rows.flatMap(row => row.panels)
  return Promise.all(
    panels.map(async panel => {
      try {
        const answers = await Promise.all(
          panel.queries.map(({ expr }) => queryRange(url, chosen(expr, bot), span)),
        )
        return { panel, series: answers.flat(), fault: undefined }
      } catch (error) {
        return { panel, series: [], fault: (error as Error).message }
      }
    }),
  )
}

/** The expression as Grafana sends it, with what is chosen at the top of the board. */
function chosen(expr: string, bot: string): string {
  return expr.replaceAll('$__rate_interval', '15s').replaceAll('$bot', bot).replaceAll('$platform', '.*')
}
