import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { createApiClient } from './api-client.ts'
import type { Command } from './command.ts'
import { findConnection } from './connection.ts'
import { ApiError, CliUsageError } from './errors.ts'

const globalOptions = {
  url: { type: 'string' },
  token: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsOptionsConfig

const globalHelp = `  --url <url>        the admin API (BOTYARD_ADMIN_URL, else the stack that runs here)
  --token <token>    a bearer token of it (BOTYARD_ADMIN_TOKEN, else the stack's own)
  --json             prints JSON
  --help, -h         this text, or a command's`

/** The world around the command line. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv
  out(text: string): void
  err(text: string): void
}

/**
 * Runs one command line. The exit code: 0 done, 1 the answer is no or there was none, 2 the command line
 * makes no sense.
 */
export async function runCommand(
  args: readonly string[],
  commands: readonly Command[],
  { env, out, err }: Surroundings,
): Promise<number> {
  const asksHelp = args.includes('--help') || args.includes('-h')
  const command = findCommand(args, commands)
  if (command === undefined) {
    if (asksHelp || args.length === 0) return done(out, overview(commands))
    const start = args.filter(arg => !arg.startsWith('-')).join(' ')
    err(`There is no command "${start}" (a command's words come first).\n\n${overview(commands)}`)
    return 2
  }
  if (asksHelp) return done(out, usageOf(command))

  let json = args.includes('--json')
  try {
    const { values, positionals } = parse(args, command)
    json = values.json === true
    const { url, token, json: _, help: __, ...own } = values
    const api = createApiClient(findConnection({ ...string('url', url), ...string('token', token) }, env))
    const code = await command.run({
      api,
      args: positionals,
      values: own,
      print: (result, text) => out(json ? JSON.stringify(result, null, 2) : text(result)),
      say: line => json || err(line),
    })
    return code ?? 0
  } catch (error) {
    if (typeof (error as { code?: unknown }).code !== 'string') throw error
    const { code, message, path } = error as Error & { code: string; path?: string }
    if (json) out(JSON.stringify({ error: { code, message, ...(path !== undefined && { path }) } }))
    else err(`${message}${path ? ` (at ${path})` : ''} [${code}]`)
    return error instanceof ApiError || code !== CliUsageError.code ? 1 : 2
  }
}

/** The command whose words the line begins with; of several the longest. */
function findCommand(args: readonly string[], commands: readonly Command[]): Command | undefined {
  return commands
    .filter(({ words }) => words.split(' ').every((word, i) => args[i] === word))
    .toSorted((a, b) => b.words.length - a.words.length)[0]
}

function parse(args: readonly string[], command: Command) {
  const { words, arguments: names = [], options = {} } = command
  const misused = (complaint: string, cause?: unknown) =>
    new CliUsageError(`${complaint}\n\n${usageOf(command)}`, { cause })
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({
      args: args.slice(words.split(' ').length),
      options: { ...options, ...globalOptions },
      allowPositionals: true,
    })
  } catch (cause) {
    throw misused((cause as Error).message, cause)
  }
  if (parsed.positionals.length < names.length)
    throw misused(`<${names[parsed.positionals.length]}> is missing`)
  if (parsed.positionals.length > names.length)
    throw misused(`"${parsed.positionals[names.length]}" is one too many`)
  return parsed
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(command => line(command).length))
  const list = commands.map(command => `  ${line(command).padEnd(width)}  ${command.summary}`)
  return `Usage: npm run botyard -- <command> [options]\n\n${list.join('\n')}\n\nOptions of all:\n${globalHelp}`
}

function usageOf(command: Command): string {
  const own = Object.entries(command.options ?? {}).map(([name, { type }]) => {
    const option = `--${name}${type === 'string' ? ` <${name}>` : ''}`
    return `  ${option.padEnd(18)} ${command.help?.[name] ?? ''}`
  })
  const options = [...own, globalHelp].join('\n')
  return `Usage: npm run botyard -- ${line(command)} [options]\n\n${command.summary}\n\n${options}`
}

function line({ words, arguments: names = [] }: Command): string {
  return [words, ...names.map(name => `<${name}>`)].join(' ')
}

function string<Name extends string>(name: Name, value: unknown): { [name in Name]?: string } {
  return (typeof value === 'string' ? { [name]: value } : {}) as { [name in Name]?: string }
}

function done(out: (text: string) => void, text: string): number {
  out(text)
  return 0
}
