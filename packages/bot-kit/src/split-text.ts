/** How long a plain text may be. */
export interface TextLimit {
  readonly max: number
  /** What `max` counts, for people. */
  readonly unit: string
  /**
   * The length of a text in that unit, as it will be sent. A longer text is never shorter, and nothing else
   * is assumed.
   */
  measure(text: string): number
}

/**
 * Where a text may be broken: white space but for the kinds that say not to (no-break spaces, the byte order
 * mark).
 */
const space = String.raw`[\t\n\v\f\r \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]`
const paragraphBreak = /\n[\t\r ]*\n/g
const lineBreak = /\n/g
const wordBreak = new RegExp(space, 'g')
const spaceAtStart = new RegExp(`^${space}+`)
/** What goes at a line break: blank lines too, but not how far the next line is indented. */
const linesAtStart = new RegExp(`^${space}*\\n`)

/** A break before this part of what fits makes pieces too short, where a lesser one is later. */
const worthwhile = 0.5

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
/** Longer than graphemes are, families and flags included. */
const maxGraphemeLength = 256

/**
 * Splits a text into pieces that each fit: at a paragraph, failing that at a line, a word, or between
 * characters as a person sees them. White space at a cut is dropped and nothing else is. Undefined if more
 * than `maxPieces` would be needed, or one character does not fit.
 */
export function splitText(text: string, limit: TextLimit, maxPieces: number): string[] | undefined {
  if (limit.measure(text) <= limit.max) return [text]
  const pieces: string[] = []
  let rest = text
  while (rest !== '') {
    const fitting = lengthThatFits(rest, limit)
    if (fitting === rest.length) {
      pieces.push(rest)
      break
    }
    const [piece, after] = cut(rest, fitting)
    if (after.length === rest.length) return undefined
    if (!isBlank(piece)) pieces.push(piece)
    if (pieces.length >= maxPieces && !isBlank(after)) return undefined
    rest = isBlank(after) ? '' : after
  }
  return pieces
}

/**
 * The most code units from the start that fit; doubling first, so that the whole of a long text is not
 * measured at each cut.
 */
function lengthThatFits(text: string, limit: TextLimit): number {
  const { max } = limit
  let fits = 0
  let above = Math.min(Math.max(1, max), text.length)
  while (limit.measure(text.slice(0, above)) <= max) {
    if (above === text.length) return above
    fits = above
    above = Math.min(above * 2, text.length)
  }
  while (above - fits > 1) {
    const middle = (fits + above) >>> 1
    if (limit.measure(text.slice(0, middle)) <= max) fits = middle
    else above = middle
  }
  return fits
}

/** The first piece, of `fitting` code units at most, and what comes after it. */
function cut(text: string, fitting: number): [piece: string, after: string] {
  // White space that follows is dropped, so a break may stand just behind what fits.
  const reach = text.slice(0, fitting + 1)
  const begins = spaceAtStart.exec(reach)?.[0].length ?? 0
  if (begins > fitting) return ['', withoutStart(text.slice(fitting))]

  const enough = Math.max(begins, fitting * worthwhile)
  const atLine =
    lastBreak(paragraphBreak, text.slice(0, fitting + 2), enough) ?? lastBreak(lineBreak, reach, enough)
  const atSpace = atLine ?? lastBreak(wordBreak, reach, begins)
  if (atSpace !== undefined) return [withoutEnd(text, atSpace), withoutStart(text.slice(atSpace))]
  const at = betweenCharacters(text, fitting)
  return [text.slice(0, at), text.slice(at)]
}

/** Where the last break behind `after` begins. */
function lastBreak(breaks: RegExp, text: string, after: number): number | undefined {
  let last: number | undefined
  for (const { index } of text.matchAll(breaks)) if (index > after) last = index
  return last
}

/** A loop, as a pattern for the end tries every run of white space in the text. */
function withoutEnd(text: string, end: number): string {
  let to = end
  while (to > 0 && spaceAtStart.test(text[to - 1]!)) to--
  return text.slice(0, to)
}

function withoutStart(text: string): string {
  return text.replace(linesAtStart.test(text) ? linesAtStart : spaceAtStart, '')
}

function betweenCharacters(text: string, fitting: number): number {
  const start = graphemes.segment(text.slice(0, fitting + maxGraphemeLength)).containing(fitting)?.index ?? 0
  if (start > 0) return start
  // One that is longer than a message: letters with hundreds of marks. Its code points stay whole.
  const isInside = isHigh(text.charCodeAt(fitting - 1)) && isLow(text.charCodeAt(fitting))
  return isInside ? fitting - 1 : fitting
}

function isHigh(unit: number): boolean {
  return unit >= 0xd8_00 && unit <= 0xdb_ff
}

function isLow(unit: number): boolean {
  return unit >= 0xdc_00 && unit <= 0xdf_ff
}

function isBlank(text: string): boolean {
  return text.trim() === ''
}
