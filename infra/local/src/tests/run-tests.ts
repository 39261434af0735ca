import { run } from 'node:test'
import type { TestEvent } from 'node:test/reporters'
import { spec } from 'node:test/reporters'
import type { Failure } from './failures.ts'

/** How many tests there were, and how they ended. */
export type Counts = Record<
  'tests' | 'suites' | 'passed' | 'failed' | 'cancelled' | 'skipped' | 'todo',
  number
>

export interface Outcome {
  readonly success: boolean
  readonly counts: Counts
  readonly failures: readonly Failure[]
}

/** How long tests may take before they fail: none may hold CI for hours. */
export interface TestLimits {
  readonly testMs: number
  /** A process, from its start to its end: of all tests of a file, or of a group of files. */
  readonly processMs: number
}

export interface RunOptions {
  readonly concurrency: number
  readonly limits: TestLimits
  /** Only tests that have all of these in their name. */
  readonly names: readonly string[]
  readonly signal: AbortSignal
  readonly output: NodeJS.WritableStream
}

/** Runs test files, a process each, and shows every test as it ends. */
export async function runTests(files: readonly string[], options: RunOptions): Promise<Outcome> {
  const { concurrency, limits, names, signal, output } = options
  const events = run({
    files,
    concurrency,
    signal,
    timeout: limits.testMs,
    execArgv: [`./end-hung-process.ts?ms=${limits.processMs}`, './keep-clock.ts'].flatMap(module => [
      '--import',
      import.meta.resolve(module),
    ]),
    ...(names.length > 0 && { testNamePatterns: names.map(name => new RegExp(RegExp.escape(name), 'i')) }),
  })
  const screen = new spec()
  screen.pipe(output, { end: false })
  const path: string[] = []
  const failures: Failure[] = []
  let outcome: Pick<Outcome, 'success' | 'counts'> | undefined
  for await (const event of events as AsyncIterable<TestEvent>) {
    if (event.type === 'test:start') path.splice(event.data.nesting, Infinity, event.data.name)
    if (event.type === 'test:fail' && !isOfSubtests(event)) failures.push(failureOf(event, path))
    // The types forget `failed`.
    if (event.type === 'test:summary' && event.data.file === undefined)
      outcome = event.data as unknown as Outcome
    // The totals of all runs are told at the end, once.
    if (event.type !== 'test:summary' && event.type !== 'test:diagnostic') screen.write(event)
  }
  if (outcome === undefined) throw new Error('The test runner told no totals')
  return { ...outcome, failures }
}

type FailEvent = Extract<TestEvent, { type: 'test:fail' }>

/** A test that failed because one inside it did, which is told by itself. */
function isOfSubtests({ data }: FailEvent): boolean {
  return (data.details.error as { failureType?: string }).failureType === 'subtestsFailed'
}

function failureOf({ data }: FailEvent, path: readonly string[]): Failure {
  return {
    file: data.file ?? data.name,
    line: data.name.endsWith('.test.ts') ? undefined : data.line,
    path: [...path.slice(0, data.nesting), data.name],
    error: data.details.error,
  }
}
