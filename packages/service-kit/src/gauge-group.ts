import { Gauge, type Registry } from 'prom-client'

/** Registers one gauge of a group. `aggregator` says what stands for all processes of one port. */
export type RegisterGauge = <Label extends string = never>(
  name: string,
  help: string,
  labelNames?: Label[],
  aggregator?: 'max' | 'min',
) => Gauge<Label>

/**
 * Makes gauges whose values one `look` sets at each scrape; it finds them without values, and must not
 * reject. All of the group wait for it, because prom-client writes a gauge down that has nothing to wait for
 * before the others have looked: it would show what the scrape before found.
 */
export function createGaugeGroup(registry: Registry, look: () => Promise<void>): RegisterGauge {
  const clear: (() => void)[] = []
  let looking: Promise<void> | undefined

  async function lookOnce(): Promise<void> {
    for (const each of clear) each()
    await look()
  }

  return (name, help, labelNames = [], aggregator = 'max') => {
    const gauge = new Gauge({
      ...{ name, help, labelNames, aggregator, registers: [registry] },
      collect() {
        looking ??= lookOnce().finally(() => {
          looking = undefined
        })
        return looking
      },
    })
    // A gauge without labels says 0 after a reset.
    clear.push(labelNames.length === 0 ? () => gauge.remove() : () => gauge.reset())
    if (labelNames.length === 0) gauge.remove()
    return gauge
  }
}
