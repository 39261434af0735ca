import { createRequire } from 'node:module'
import type { Board, Panel, Query, Variable } from './board.ts'

// CommonJS, whose names Node's loader of ES modules does not see.
const require = createRequire(import.meta.url)
const sdk = '@grafana/grafana-foundation-sdk'
const common: typeof import('@grafana/grafana-foundation-sdk/common') = require(`${sdk}/common`)
const dashboards: typeof import('@grafana/grafana-foundation-sdk/dashboard') = require(`${sdk}/dashboard`)
const prometheus: typeof import('@grafana/grafana-foundation-sdk/prometheus') = require(`${sdk}/prometheus`)
const stat: typeof import('@grafana/grafana-foundation-sdk/stat') = require(`${sdk}/stat`)
const lines: typeof import('@grafana/grafana-foundation-sdk/timeseries') = require(`${sdk}/timeseries`)

/** The Prometheus that is chosen at the top of each board. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana puts the choice there.
const datasource = { type: 'prometheus', uid: '${datasource}' }

/** Grafana's grid is 24 wide. */
const sizes = { lines: { span: 8, height: 8 }, number: { span: 4, height: 4 } } as const

/** The board as Grafana's own builders make it, in JSON for provisioning or import. */
export function grafanaJson(board: Board): string {
  const { uid, title, description, variables = [], rows } = board
  const dashboard = new dashboards.DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['botyard'])
    .timezone('browser')
    .time({ from: 'now-3h', to: 'now' })
    .refresh('30s')
    .withVariable(
      new dashboards.DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'),
    )
    .annotation(
      new dashboards.AnnotationQueryBuilder()
        .name('Alerts')
        .datasource(datasource)
        .enable(true)
        .iconColor('red')
        .expr('ALERTS{alertstate="firing"}'),
    )
  for (const variable of variables) dashboard.withVariable(variableOf(variable))
  for (const row of rows) {
    dashboard.withRow(new dashboards.RowBuilder(row.title))
    for (const panel of row.panels) dashboard.withPanel(panelOf(panel))
  }
  return `${JSON.stringify(dashboard.build(), null, 2)}\n`
}

function variableOf({ name, label, query, all = false }: Variable) {
  const variable = new dashboards.QueryVariableBuilder(name)
    .label(label)
    .query(query)
    .datasource(datasource)
    .refresh(dashboards.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboards.VariableSort.AlphabeticalAsc)
  return all ? variable.includeAll(true).allValue('.*').multi(true) : variable
}

function panelOf({ kind, title, says, unit, queries, badFrom, badUpTo }: Panel) {
  const panel =
    kind === 'lines'
      ? new lines.PanelBuilder().fillOpacity(8)
      : new stat.PanelBuilder().reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
  panel
    .title(title)
    .description(says)
    .datasource(datasource)
    .unit(unit)
    .span(sizes[kind].span)
    .height(sizes[kind].height)
    .thresholds(
      new dashboards.ThresholdsConfigBuilder()
        .mode(dashboards.ThresholdsMode.Absolute)
        .steps(stepsOf(badFrom, badUpTo)),
    )
  for (const [i, query] of queries.entries()) panel.withTarget(targetOf(query, i))
  return panel
}

function stepsOf(badFrom: number | undefined, badUpTo: number | undefined) {
  if (badUpTo !== undefined) {
    return [
      { value: null, color: 'red' },
      { value: badUpTo, color: 'green' },
    ]
  }
  return [
    { value: null, color: 'green' },
    ...(badFrom === undefined ? [] : [{ value: badFrom, color: 'red' }]),
  ]
}

function targetOf({ expr, legend }: Query, i: number) {
  return new prometheus.DataqueryBuilder()
    .datasource(datasource)
    .refId(String.fromCharCode(65 + i))
    .expr(expr)
    .legendFormat(legend)
    .range()
}
