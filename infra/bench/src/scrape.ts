/** The sum of a metric over all its labels, as served by `/metrics` on a port of 127.0.0.1; 0 if it has no value yet. */
export async function scrapeSum(port: number, metric: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`)
  const page = await response.text()
  if (!response.ok) throw new Error(`Port ${port} answered ${response.status} to /metrics: ${page.slice(0, 200)}`)
  let sum = 0
  for (const line of page.split('\n')) {
    if (line.startsWith(`${metric}{`) || line.startsWith(`${metric} `)) sum += Number(line.slice(line.lastIndexOf(' ')))
  }
  return sum
}
