/** The environment does not fit the schema; `problems` has one line a variable: its name, what is wrong, what to set. */
export class ConfigError extends Error {
  static readonly code = 'CFG_INVALID'
  readonly code = ConfigError.code
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The configuration is invalid:\n${problems.map(problem => `  ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}
