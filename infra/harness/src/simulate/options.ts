import { randomInt } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { UsageError } from './errors.ts'
import { platforms } from './platforms/index.ts'
import type { SimulateOptions } from './simulate.ts'

/** The command line, read. */
export interface CommandLine extends Omit<SimulateOptions, 'run'> {
  readonly help: boolean
  readonly json: boolean
  readonly runFile: string
}

export const usage = `Usage: npm run simulate -- [options]

Sends realistic traffic into the running system (npm start) and checks that every
message is answered once and in order.

  --rate <n>         messages a second (500)
  --seconds <n>      for how long (20)
  --chats <n>        chats they come from, some far busier than others (2000)
  --duplicates <n>   percent of updates delivered twice (2)
  --platform <name>  ${platformNames()} (telegram)
  --seed <n>         repeat the traffic of an earlier run
  --patience <n>     seconds without movement after which what is missing is lost (15)
  --run <file>       run file of the system (.botyard/run.json)
  --json             print the ledger as JSON, progress to standard error

Each platform calls, redelivers and counts its limits as its documentation says; Slack brings mentions twice,
and six platforms the bot's own messages too. The waits of redelivery are cut to a tenth. Where a platform lets
a bot say less than the traffic asks for, fewer messages are sent, and they are spread over more chats, so that
the run ends soon after: Slack and Google Chat take one a second in a channel, Teams too after the first six,
WhatsApp 40 to a user and then one in 6 s, Slack 550 a minute, Zulip 190, GitHub 75. The line "throttled" counts
the sends that the platform refused as too many: aim for 0.

Exit code: 0 clean; 1 something was lost, doubled, out of order or never accepted; 2 could not run.`

/** Several lines of them, under each other. */
function platformNames(): string {
  const [first = '', ...rest] = Object.keys(platforms)
  return rest.reduce((text, name) => {
    const line = text.slice(text.lastIndexOf('\n') + 1)
    return line.length + name.length > 60 ? `${text},\n                     ${name}` : `${text}, ${name}`
  }, first)
}

/** Reads the command line, or throws a {@link UsageError}. */
export function readOptions(args: readonly string[]): CommandLine {
  const values = parse(args)
  const number = (name: keyof typeof values, { min, integer = false }: { min: number; integer?: boolean }) => {
    const value = Number(values[name])
    if (value >= min && (!integer || Number.isSafeInteger(value))) return value
    throw new UsageError(`--${name} takes ${integer ? 'a whole' : 'a'} number from ${min}, not '${values[name]}'`)
  }
  const platform = Object.hasOwn(platforms, values.platform) ? platforms[values.platform] : undefined
  if (!platform) throw new UsageError(`--platform takes ${Object.keys(platforms).join(', ')}, not '${values.platform}'`)
  return {
    platform,
    rate: number('rate', { min: 0.1 }),
    seconds: number('seconds', { min: 0.1 }),
    chats: number('chats', { min: 1, integer: true }),
    seed: number('seed', { min: 0, integer: true }),
    patienceSeconds: number('patience', { min: 0.1 }),
    duplicateShare: number('duplicates', { min: 0 }) / 100,
    runFile: values.run,
    json: values.json,
    help: values.help,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rate: { type: 'string', default: '500' },
        seconds: { type: 'string', default: '20' },
        chats: { type: 'string', default: '2000' },
        duplicates: { type: 'string', default: '2' },
        platform: { type: 'string', default: 'telegram' },
        seed: { type: 'string', default: String(randomInt(1_000_000)) },
        patience: { type: 'string', default: '15' },
        run: { type: 'string', default: fileURLToPath(new URL('../../../../.botyard/run.json', import.meta.url)) },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause })
  }
}
