import { MetricsPage } from '@botyard/local-infra'

/** Reads `/metrics` of a port, of 127.0.0.1 unless told. */
export async function scrapeMetrics(port: number, host = '127.0.0.1'): Promise<MetricsPage> {
  const response = await fetch(`http://${host}:${port}/metrics`)
  const page = await response.text()
  if (!response.ok)
    throw new Error(`Port ${port} answered ${response.status} to /metrics: ${page.slice(0, 200)}`)
  return new MetricsPage(page)
}
