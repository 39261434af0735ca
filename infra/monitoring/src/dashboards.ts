import { boards } from './boards/index.ts'
import { grafanaJson } from './grafana-json.ts'

/** The files that `npm run docs` writes, and `npm run check` compares. */
export function dashboardPages(): { page: string; content: string }[] {
  return boards.map(board => ({
    page: `infra/monitoring/grafana/dashboards/${board.uid}.json`,
    content: grafanaJson(board),
  }))
}
