import { readdir } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BotDefinition, isBotDefinition } from '@botyard/bot-kit'
import { configurationExitCode, guardPrototypes } from '@botyard/service-kit'
import { runInNameOf } from '../isolation/running-code.ts'
import { resolveBotKit } from './resolve-bot-kit.ts'

/** Bot code by handler name, which is the file's name without its ending. */
export type Handlers = ReadonlyMap<string, BotDefinition>

/** A file in the bots' folder that cannot be used; the message says which and what to do. */
class BotLoadError extends Error {
  static readonly code = 'WRK_BOT_LOAD'
  readonly code = BotLoadError.code
  readonly exitCode = configurationExitCode
}

const code = /\.(ts|mts|js|mjs)$/
/** Tests, declarations, and the tasks of `defineTask`: what belongs to bots but is none. */
const noBot = /\.(test|spec|d|task)\.[cm]?[tj]s$/

/**
 * Loads every bot of a folder. Throws `BotLoadError` for one that does not load: without an error its mail
 * would wait unanswered, and nothing would say why.
 */
export async function loadBots(folder: string): Promise<Handlers> {
  const handlers = new Map<string, BotDefinition>()
  for (const file of await botFiles(folder)) handlers.set(parse(file).name, await loadBot(join(folder, file)))
  return handlers
}

/**
 * Loads every bot of a folder and says what is wrong, a line for each file: `<file>:<line> <what>`, the line
 * where it is known.
 */
export async function findBotProblems(folder: string): Promise<string[]> {
  const problems: string[] = []
  for (const file of await botFiles(folder)) {
    await loadBot(join(folder, file)).catch(error => problems.push(problemOf(folder, file, error as Error)))
  }
  return problems
}

function problemOf(folder: string, file: string, error: Error): string {
  const { cause } = error
  if (!(cause instanceof Error)) return `${file} ${error.message}`
  // The first place in the folder: of a syntax error, or where the code was when it threw.
  const place = new RegExp(`${RegExp.escape(folder)}/([^\\s:()]+):(\\d+)`).exec(cause.stack ?? '')
  return `${place ? `${place[1]}:${place[2]}` : file} ${cause.message.split('\n')[0]}`
}

async function botFiles(folder: string): Promise<string[]> {
  // Before code that is not ours runs in this process.
  guardPrototypes()
  resolveBotKit()
  try {
    return (await readdir(folder)).filter(name => code.test(name) && !noBot.test(name)).sort()
  } catch (cause) {
    throw new BotLoadError(
      `The folder of the bots cannot be read: ${folder}. Set BOTS_DIR to one that can.`,
      { cause },
    )
  }
}

async function loadBot(file: string): Promise<BotDefinition> {
  let module: { default?: unknown }
  try {
    module = await runInNameOf({ handler: parse(file).name }, () => import(pathToFileURL(file).href))
  } catch (cause) {
    throw new BotLoadError(`The bot ${file} fails to load: ${(cause as Error).message}`, { cause })
  }
  if (isBotDefinition(module.default)) return module.default
  throw new BotLoadError(`The bot ${file} must say: export default defineBot({ … })`)
}
