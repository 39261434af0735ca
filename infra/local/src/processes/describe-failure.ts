/** Known reasons for a process not to start, as its own output tells them, and what to do about each. */
const advice: readonly (readonly [pattern: RegExp, advice: (log: string) => string])[] = [
  [
    /ENOSPC|no space left on device/i,
    () =>
      'The disk is full. Free some space, or name a folder on another disk: BOTYARD_DIR=/some/folder npm start',
  ],
  [
    /EADDRINUSE|address already in use/i,
    () =>
      'Another program took its port meanwhile. Stop that program, or choose other ports (see .env.example).',
  ],
  [
    /error while loading shared libraries: ([^:]+)/i,
    () =>
      'A system library is missing; the log names it. Install it with your system’s packages, then start again.',
  ],
  [
    /bad file format reading the append only file|unexpected end of file reading the append only/i,
    log =>
      `Its data file is damaged; the log (${log}) names it. Mend it with redis-check-aof --fix, or begin anew, which deletes all local data: npm start -- --reset`,
  ],
  [
    /invalid checkpoint record|could not locate a valid checkpoint|is not a database cluster directory|database files are incompatible|invalid data in file|PANIC:/i,
    log =>
      `Its data is damaged or of another version (${log}). Begin anew, which deletes all local data: npm start -- --reset`,
  ],
]

/**
 * What to do about a program that failed, told by its output; if that holds nothing we know, its last lines.
 */
export function describeFailure(output: string, log: string): string {
  return advice.find(([pattern]) => pattern.test(output))?.[1](log) ?? lastLines(output, log)
}

function lastLines(output: string, log: string): string {
  const lines = output.split('\n').map(readable).join('\n').split('\n')
  const telling = lines.filter(line => !/^\s+at |^Node\.js v|^[\s{}^]*$/.test(line)).slice(-8)
  return `The end of its log (${log}):\n${telling.map(line => `  ${line.slice(0, 300)}`).join('\n')}`
}

/** A line of pino as its message and error alone; any other line as it is. */
function readable(line: string): string {
  try {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } }
    return [msg, err?.message].filter(part => part).join(': ') || line
  } catch {
    return line
  }
}
