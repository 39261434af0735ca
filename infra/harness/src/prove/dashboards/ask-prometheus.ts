/** A series of a query over time. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>
  /** Unix seconds and values; what is no number is left out. */
  readonly points: readonly (readonly [number, number])[]
}

/** A span of time, in Unix seconds. */
export interface Span {
  readonly from: number
  readonly to: number
}

const stepSeconds = 1

/** Asks a Prometheus for an expression over a span; rejects with what Prometheus says of a wrong one. */
export async function queryRange(url: string, expr: string, { from, to }: Span): Promise<Series[]> {
  const query = new URLSearchParams({
    ...{ query: expr, start: String(from), end: String(to) },
    step: String(stepSeconds),
  })
  const { result } = await get<{
    result: { metric: Record<string, string>; values: [number, string][] }[]
  }>(`${url}/api/v1/query_range?${query}`)
  return result.map(({ metric, values }) => ({
    labels: metric,
    points: values
      .map(([at, value]) => [at, Number(value)] as const)
      .filter(([, value]) => Number.isFinite(value)),
  }))
}

/** What is wrong with the rules that a Prometheus evaluates; undefined while one was not evaluated yet. */
export async function ruleFaults(url: string): Promise<string[] | undefined> {
  const { groups } = await get<{
    groups: { rules: { name: string; health: string; lastError?: string }[] }[]
  }>(`${url}/api/v1/rules`)
  const rules = groups.flatMap(group => group.rules)
  if (rules.length === 0) return ['Prometheus has no rules']
  if (rules.some(({ health }) => health === 'unknown')) return undefined
  return rules
    .filter(({ health }) => health !== 'ok')
    .map(({ name, lastError }) => `the rule ${name} cannot be evaluated: ${lastError}`)
}

async function get<T>(url: string): Promise<T> {
  const answer = await fetch(url)
  const { data, error } = (await answer.json()) as { data: T; error?: string }
  if (error !== undefined) throw new Error(error)
  return data
}
