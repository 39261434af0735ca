/** One sample of a Prometheus page. */
interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A page of metrics as text, read tolerantly: lines that are not samples are skipped. */
export class MetricsPage {
  readonly #samples: readonly Sample[]

  constructor(text: string) {
    this.#samples = text.split('\n').flatMap(line => {
      const [, name, labels, value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? ([^ ]+)/.exec(line) ?? []
      return name === undefined ? [] : [{ name, labels: readLabels(labels ?? ''), value: Number(value) }]
    })
  }

  /** The sum over all samples of a metric whose labels fit, 0 if there are none. */
  sum(name: string, fits: (labels: Readonly<Record<string, string>>) => boolean = () => true): number {
    return this.#of(name).reduce((sum, { labels, value }) => (fits(labels) ? sum + value : sum), 0)
  }

  /** The labels of a metric's samples that are above 0. */
  labels(name: string): Readonly<Record<string, string>>[] {
    return this.#of(name).flatMap(({ labels, value }) => (value > 0 ? [labels] : []))
  }

  /** The largest sample of a metric, 0 if there are none. */
  max(name: string, fits: (labels: Readonly<Record<string, string>>) => boolean = () => true): number {
    return this.#of(name).reduce((max, { labels, value }) => (fits(labels) ? Math.max(max, value) : max), 0)
  }

  /**
   * A quantile (0-1) of what a histogram has observed since an earlier page: the upper bound of the bucket
   * that holds it. Undefined if it observed nothing.
   */
  quantile(name: string, q: number, since: MetricsPage): number | undefined {
    const counts = new Map<number, number>()
    for (const [page, sign] of [[this, 1] as const, [since, -1] as const]) {
      for (const { labels, value } of page.#of(`${name}_bucket`)) {
        const bound = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le)
        counts.set(bound, (counts.get(bound) ?? 0) + sign * value)
      }
    }
    const buckets = [...counts].sort(([a], [b]) => a - b)
    const total = buckets.at(-1)?.[1] ?? 0
    return total > 0 ? buckets.find(([, count]) => count >= q * total)?.[0] : undefined
  }

  #of(name: string): readonly Sample[] {
    return this.#samples.filter(sample => sample.name === name)
  }
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const [, name, value] of text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) labels[name!] = value!
  return labels
}
