import { basename, relative, resolve } from 'node:path'
import { inspect } from 'node:util'
import type { Terminal } from '../screen/terminal.ts'

/** What a test that failed left behind. */
export interface Failure {
  readonly file: string
  readonly line: number | undefined
  /** From the outermost test to the one that failed. */
  readonly path: readonly string[]
  readonly error: unknown
}

/** Says what failed, where, why, and the command that runs it again. */
export function printFailures(failures: readonly Failure[], terminal: Terminal, root: string): void {
  if (failures.length === 0) return
  terminal.line(`\n${terminal.red(`✖ ${failures.length} failed`)}`)
  for (const failure of failures) {
    const { line, path, error } = failure
    const file = relative(root, fileOf(failure))
    terminal.line(`\n${terminal.bold(line === undefined ? file : `${file}:${line}`)}`)
    terminal.line(`  ${terminal.red('✖')} ${path.join(' › ')}`)
    terminal.line(indent(reasonOf(error)))
    terminal.line(`  ${terminal.dim('again:')} npm test -- ${file.endsWith('.ts') ? file : tierOf(file)}`)
  }
}

/** A file that could not be read, or whose process ended early, is a test by the name of the file. */
function fileOf({ file, path }: Failure): string {
  const name = path.at(-1)!
  return name.endsWith('.test.ts') ? resolve(name) : file
}

/** The module that imports several files has the name of their tier, and is gone by now. */
function tierOf(group: string): string {
  return basename(group).replace(/-\d+\.test\.mjs$/, '')
}

/** The runner wraps what was thrown. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  if (!(cause instanceof Error)) return typeof cause === 'string' ? cause : inspect(cause)
  const text = cause.stack?.includes(cause.message) ? cause.stack : `${cause.message}\n${cause.stack ?? ''}`
  return text
    .split('\n')
    .filter(line => !/^\s+at .*\(?node:/.test(line))
    .join('\n')
    .trim()
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '    ')
}
