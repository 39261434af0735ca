import type { Panel } from '@botyard/monitoring'
import type { Series } from './ask-prometheus.ts'

/** A panel with what its queries answered. */
export interface FilledPanel {
  readonly panel: Panel
  readonly series: readonly Series[]
}
