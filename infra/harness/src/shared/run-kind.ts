import { join } from 'node:path'
import { helpOf, readCommandLine } from './command-line.ts'
import { UnreachableError, UsageError } from './errors.ts'
import { stateFolder } from './paths.ts'
import { describeMachine, keepReport, renderReport, reportAsJson } from './report.ts'
import type { Kind } from './scenario.ts'

/** Runs what the command line asks for, prints and keeps its report; answers the exit code. */
export async function runKind(kind: Kind, args: readonly string[]): Promise<number> {
  try {
    return await run(kind, args)
  } catch (error) {
    if (error instanceof UsageError) console.error(`${error.message}\n\n${helpOf(kind)}`)
    else if (error instanceof UnreachableError) console.error(error.message)
    else console.error(error)
    return 2
  }
}

async function run(kind: Kind, args: readonly string[]): Promise<number> {
  const asked = readCommandLine(args, kind)
  if ('help' in asked) {
    console.log(asked.help)
    return 0
  }
  const { name, scenario, values, json, command } = asked
  const folder = join(stateFolder(), kind.name)
  const startedAt = new Date().toISOString()
  const circumstances = { command, startedAt, machine: describeMachine(), options: values }
  const say = json ? console.error : console.log

  say(`${name} ${scenario.summary}\n`)
  say(`Command: ${command}`)
  say(`Machine: ${circumstances.machine}`)
  say(`Started: ${startedAt}\n`)
  const signal = endAtSignals(scenario.endsEarly === true)
  const report = await scenario.run(values, { say, directory: join(folder, name), signal })
  // Printed before it is written: a full disk must not swallow what was found.
  console.log(json ? reportAsJson(report, circumstances) : renderReport(report, scenario.clean))
  say(`Report: ${keepReport(folder, name, report, circumstances)}`)
  return report.problems.length === 0 ? 0 : 1
}

/**
 * The first Ctrl-C ends the run early or, where that is of no use, the process; its `exit` handlers end the
 * children.
 */
function endAtSignals(early: boolean): AbortSignal {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => (early ? stop.abort() : process.exit(130)))
  }
  return stop.signal
}
