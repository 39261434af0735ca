import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the check of lengths allows; paths are relative to the repository, and a folder ends with a slash. */
export interface LengthRules {
  readonly maxColumns: number
  readonly maxLines: number
  /** Files and folders whose lines may be longer. */
  readonly wide: readonly string[]
  /** Files and folders that may have more lines. */
  readonly tall: readonly string[]
}

/**
 * Names lines with too many columns and source files with too many lines. A line may be longer if a string,
 * a regular expression or a url makes it so, because none of them is easier to read in two pieces.
 */
export function findLong(root: string, files: readonly string[], rules: LengthRules): string[] {
  const faults: string[] = []
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8')
    const lines = text.split('\n')
    if (file.includes('/src/') && lines.length - 1 > rules.maxLines && !isIn(file, rules.tall)) {
      faults.push(`${file}: ${lines.length - 1} lines, and ${rules.maxLines} are allowed`)
    }
    if (lines.every(line => line.length <= rules.maxColumns) || isIn(file, rules.wide)) continue
    const shortened = withoutLiterals(text).split('\n')
    for (const [i, line] of shortened.entries()) {
      if (line.length > rules.maxColumns && isBreakable(line, rules.maxColumns)) {
        faults.push(`${file}:${i + 1}: ${lines[i]!.length} columns, and ${rules.maxColumns} are allowed`)
      }
    }
  }
  return faults
}

function isIn(file: string, list: readonly string[]): boolean {
  return list.some(each => (each.endsWith('/') ? file.startsWith(each) : file === each))
}

const token =
  /(\/\*[\s\S]*?\*\/|\/\/.*|^\s*--.*)|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/(?![*/ ])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\/[a-z]*/gm

/** Empties strings and regular expressions, so that what is left of a line is what could be broken. */
function withoutLiterals(text: string): string {
  return text.replace(token, (whole, comment?: string) => comment ?? whole.replace(/[^\n]/g, ''))
}

/** Whether there is a space to break a line at; a comment for the linter stays on one line. */
function isBreakable(line: string, maxColumns: number): boolean {
  if (line.includes('biome-ignore')) return false
  const start = /^\s*(?:\/\/|\*|--)?\s*/.exec(line)![0].length
  return line.slice(start, maxColumns + 1).includes(' ')
}
