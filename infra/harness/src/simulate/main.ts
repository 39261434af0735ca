import { UnreachableError, UsageError } from './errors.ts'
import { isClean, type Ledger } from './ledger.ts'
import { readOptions, usage } from './options.ts'
import { renderProgress, renderReport } from './render.ts'
import { readRunFile } from './run-file.ts'
import { simulate } from './simulate.ts'

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (error instanceof UsageError) console.error(`${error.message}\n\n${usage}`)
  else if (error instanceof UnreachableError) console.error(error.message)
  else console.error(error)
  process.exitCode = 2
}

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (options.help) {
    console.log(usage)
    return 0
  }
  const run = await readRunFile(options.runFile)
  const tell = options.json ? console.error : console.log
  const stop = new AbortController()
  // The first Ctrl-C stops the sending and still gives a ledger; `once`, so the second one ends the process.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort())

  const listener = {
    onProgress: (seconds: number, ledger: Ledger) => tell(renderProgress(seconds, ledger)),
    onWarning: (message: string) => console.error(message),
  }
  const report = await simulate({ ...options, run }, listener, stop.signal)
  console.log(options.json ? JSON.stringify(report, null, 2) : renderReport(report))
  return isClean(report) ? 0 : 1
}
