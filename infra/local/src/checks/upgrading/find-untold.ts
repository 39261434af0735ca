import type { PreviousRelease } from './previous-release.ts'
import { type CrossingVersions, readOneBack } from './read-versions.ts'

/**
 * One line for each thing that moved since the release before and that the newest entry of the page does not
 * tell, or tells wrongly.
 */
export function findUntold(page: string, previous: PreviousRelease, now: CrossingVersions): string[] {
  const entry = newestEntry(page)
  if (entry === undefined) return ['docs/UPGRADING.md has no entry: its releases begin with a line "## "']
  if (entry.title === previous.version) {
    return [`docs/UPGRADING.md has no entry above that of ${previous.version}: begin one, "## Unreleased"`]
  }
  const moved = movesBetween(previous, now)
  const told = movesTold(entry.text)
  const gone = previous.settings.filter(name => !now.settings.includes(name))
  return [
    ...moved
      .filter(move => !told.includes(move))
      .map(move => `the entry "${entry.title}" does not tell a move: write "- **${move}**: what to do"`),
    ...told
      .filter(move => !moved.includes(move))
      .map(move => `the entry "${entry.title}" tells a move that is none: ${move}`),
    ...gone
      .filter(name => !entry.text.includes(`\`${name}\``))
      .map(name => `the entry "${entry.title}" does not tell that \`${name}\` is gone`),
    ...farMoves(previous, now),
  ]
}

/** As the page writes it: what, from, to. */
function movesBetween(previous: CrossingVersions, now: CrossingVersions): string[] {
  const titles = new Set([...Object.keys(previous.versions), ...Object.keys(now.versions)])
  return [...titles]
    .filter(title => previous.versions[title] !== now.versions[title])
    .map(title => `${title} ${previous.versions[title] ?? 'none'} → ${now.versions[title] ?? 'none'}`)
}

function movesTold(text: string): string[] {
  return [...text.matchAll(/^- \*\*(.+ → \w+)\*\*/gm)].map(([, move]) => move!)
}

/** A reader takes its own version and the one before, so two steps in one release are one too many. */
function farMoves(previous: PreviousRelease, now: CrossingVersions): string[] {
  return [...readOneBack].flatMap(title => {
    const [from, to] = [previous.versions[title], now.versions[title]]
    if (from === undefined || to === undefined || Math.abs(to - from) <= 1) return []
    return [`${title} moved by more than one since ${previous.version}: neither release reads the other`]
  })
}

/** The first section of the page that is named after a release. */
function newestEntry(page: string): { title: string; text: string } | undefined {
  for (const section of page.split(/^## /m)) {
    const [title = '', ...lines] = section.split('\n')
    if (/^(Unreleased|\d+\.\d+\.\d+)$/.test(title)) return { title, text: lines.join('\n') }
  }
  return undefined
}
