/** ` (did you mean allowedUpdates?)` for a word that is nearly a known one, otherwise nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const wanted = plain(word)
  const [nearest] = known
    .map(name => ({ name, distance: distanceOf(wanted, plain(name)) }))
    .filter(({ name, distance }) => distance <= Math.ceil(Math.min(name.length, word.length) / 3))
    .sort((a, b) => a.distance - b.distance)
  return nearest === undefined || nearest.name === word ? '' : ` (did you mean ${nearest.name}?)`
}

/** allowed_updates and AllowedUpdates are allowedUpdates. */
function plain(word: string): string {
  // Nobody misspells at such length, and distances take its square.
  return word
    .slice(0, 64)
    .replaceAll(/[_\-.\s]/g, '')
    .toLowerCase()
}

/** Levenshtein's, with a transposition of neighbours as one step. */
function distanceOf(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      let least = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + (isSame ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, rows[i - 2]![j - 2]! + 1)
      row.push(least)
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
