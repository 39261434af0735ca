import { startChild, type TestProcess } from './child.ts'

/** What a Node child is started with. */
export interface StartProcessOptions {
  args?: readonly string[]
  /** Added to this process's own environment; `undefined` removes a variable. */
  env?: Record<string, string | undefined>
  cwd?: string
  /** Options of Node itself, as `--trace-sync-io`. */
  nodeOptions?: readonly string[]
}

/** Runs a file with this Node as a child, for tests that kill and pause real processes. */
export function startProcess(file: string, options: StartProcessOptions = {}): Promise<TestProcess> {
  const { args = [], env = {}, cwd, nodeOptions = [] } = options
  return startChild(process.execPath, [...nodeOptions, file, ...args], {
    // The child is no test of this runner, whatever it inherits.
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  })
}
