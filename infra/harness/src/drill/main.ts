// npm run drill -- <drill> [options]; --help lists the drills.
import { reportFolder } from './config.ts'
import { drills } from './drills.ts'
import { readOptions, UsageError } from './options.ts'
import { keepReport, renderReport } from './report.ts'

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error)
  process.exitCode = 2
}

async function main(args: readonly string[]): Promise<number> {
  const { name, drill, values } = readOptions(args, drills)
  const folder = reportFolder()
  const startedAt = new Date().toISOString()
  console.log(`${name} ${drill.summary}\n`)
  const report = await drill.run(values, line => console.log(line))
  // Said before it is written: a full disk must not swallow what was found.
  console.log(renderReport(report))
  console.log(`Report: ${keepReport(folder, name, { startedAt, options: values, ...report })}`)
  return report.problems.length === 0 ? 0 : 1
}
