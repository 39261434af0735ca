// npm run status: backlog and rates of the running stack, once, or every two seconds with --watch.
import { setTimeout as sleep } from 'node:timers/promises'
import { type AppName, apps } from '../apps/app-process.ts'
import { readStartConfig } from '../config.ts'
import { StartupError } from '../errors.ts'
import { MetricsPage } from '../screen/metrics-page.ts'
import { type Sighting, statusReport } from '../screen/status-report.ts'
import { createTerminal } from '../screen/terminal.ts'
import { type RunFile, readRunFile } from '../state/run-file.ts'
import { stateFolder } from '../state/state-folder.ts'

const intervalMs = 2000
const timeoutMs = 1500

const terminal = createTerminal()
try {
  const watch = process.argv.includes('--watch')
  let before = await look(runningStack())
  do {
    await sleep(intervalMs)
    // Read anew each time: a stack that was stopped meanwhile is said to be so.
    const now = await look(runningStack())
    if (watch && process.stdout.isTTY) process.stdout.write('\x1b[H\x1b[2J')
    terminal.line(`\n${statusReport(before, now, terminal).join('\n')}\n`)
    before = now
  } while (watch)
} catch (error) {
  if (!(error instanceof StartupError)) throw error
  terminal.line(`\n  ${error.message.replaceAll('\n', '\n  ')}\n`)
  process.exitCode = 1
}

function runningStack(): RunFile {
  const run = readRunFile(stateFolder(readStartConfig().BOTYARD_DIR).run)
  if (run) return run
  throw new StartupError('Botyard does not run here, or is still starting.', 'Start it with `npm start`.')
}

async function look({ opsUrls }: RunFile): Promise<Sighting> {
  const names = Object.keys(apps) as AppName[]
  const seen = await Promise.all(
    names.map(async name => {
      const [ready, page] = await Promise.all([
        fetchText(`${opsUrls[name]}/ready`),
        fetchText(`${opsUrls[name]}/metrics`),
      ])
      return [
        name,
        { ready: ready !== undefined, page: page === undefined ? undefined : new MetricsPage(page) },
      ] as const
    }),
  )
  return { atMs: performance.now(), apps: Object.fromEntries(seen) as Sighting['apps'] }
}

async function fetchText(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    const body = await response.text()
    return response.ok ? body : undefined
  } catch {
    return undefined
  }
}
