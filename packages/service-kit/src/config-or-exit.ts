import { configurationExitCode } from './exit-codes.ts'

/**
 * For what a process reads first: an error that says that another start would end the same way
 * (`exitCode: 78`) is printed once, without a stack trace, and the process ends with that code.
 */
export function configOrExit<T>(read: () => T): T {
  try {
    const value = read()
    return value instanceof Promise ? (value.catch(endBy) as T) : value
  } catch (error) {
    return endBy(error)
  }
}

function endBy(error: unknown): never {
  if (!(error instanceof Error) || !('exitCode' in error)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(configurationExitCode)
}
