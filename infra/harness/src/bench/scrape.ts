/** A page of metrics, as a process serves it. */
export interface MetricsPage {
  /** The sum of a metric over all its series whose labels include `label` (as `outcome="ok"`); 0 if there is none. */
  sum(metric: string, label?: string): number
}

/** Reads `/metrics` of a port of 127.0.0.1. */
export async function scrape(port: number): Promise<MetricsPage> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`)
  const page = await response.text()
  if (!response.ok) throw new Error(`Port ${port} answered ${response.status} to /metrics: ${page.slice(0, 200)}`)
  const lines = page.split('\n')
  return {
    sum(metric, label = '') {
      const own = lines.filter(line => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
      return own
        .filter(line => line.includes(label))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
    },
  }
}
