import { ConfigError } from './errors.ts'

/**
 * For the first line of a process: what is wrong with the configuration is printed once, without a stack
 * trace, and the process ends with 1.
 */
export function configOrExit<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}
