/** Names what a sentence's features speak for, with the probability (0-1) of each label. */
export type Classifier<Label extends string> = (features: readonly string[]) => ReadonlyMap<Label, number>

/** A sentence taken apart, and what it means. */
export interface Example<Label extends string> {
  readonly features: readonly string[]
  readonly label: Label
}

const rounds = 30
const stepSize = 0.5
/** How much each round forgets: what only one sentence speaks for must not weigh as much as what many do. */
const decay = 0.0005

/**
 * Multinomial logistic regression: every feature gets a weight for each label, and these are moved until the
 * examples come out right. The same examples always make the same classifier. A few hundred sentences take
 * some 100 ms.
 */
export function trainClassifier<Label extends string>(
  examples: readonly Example<Label>[],
): Classifier<Label> {
  const labels = [...new Set(examples.map(({ label }) => label))]
  const weights = new Map<string, Float64Array>()
  for (const { features } of examples) {
    for (const feature of features) weights.set(feature, new Float64Array(labels.length))
  }

  for (let round = 0; round < rounds; round++) {
    for (const { features, label } of examples) {
      const chances = softmax(features)
      const step = stepSize * strengthOf(features)
      for (const feature of features) {
        const own = weights.get(feature)!
        for (const [n, chance] of chances.entries()) own[n]! += step * (Number(labels[n] === label) - chance)
      }
    }
    for (const own of weights.values()) for (const n of own.keys()) own[n]! *= 1 - decay
  }

  function softmax(features: readonly string[]): Float64Array {
    const sums = new Float64Array(labels.length)
    for (const feature of features) {
      const own = weights.get(feature)
      if (own !== undefined) for (const [n, weight] of own.entries()) sums[n]! += weight
    }
    const strength = strengthOf(features)
    const powers = sums.map(sum => Math.exp(sum * strength))
    const total = powers.reduce((all, power) => all + power, 0)
    return powers.map(power => power / total)
  }

  return features => {
    const chances = softmax(features)
    return new Map(labels.map((label, n) => [label, chances[n]!]))
  }
}

/** A long sentence has no more to say than a short one: its features count less each. */
function strengthOf(features: readonly string[]): number {
  return 1 / Math.sqrt(Math.max(1, features.length))
}
