import { isatty } from 'node:tty'
import { readStartConfig } from '../config.ts'
import { StartupError } from '../errors.ts'
import { createTerminal } from '../screen/terminal.ts'
import { createStack, type Stack } from '../stack.ts'
import { stateFolder } from '../state/state-folder.ts'

const terminal = createTerminal()
let stack: Stack | undefined
let stopping: Promise<void> | undefined

try {
  stack = createStack(
    readStartConfig(),
    stateFolder(readStartConfig().BOTYARD_DIR),
    terminal,
    readArguments(process.argv.slice(2)),
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stopOnce())
  // Under nohup there is no terminal that could hang up.
  process.on('SIGHUP', () => [0, 1, 2].some(fd => isatty(fd)) && void stopOnce())
  // The bootstrap that started us is gone, by kill -9 perhaps: so is the user.
  process.on('disconnect', () => void stopOnce())
  process.on('uncaughtException', error => void fail(error))
  await stack.start()
} catch (error) {
  await fail(error)
}

/**
 * A terminal sends Ctrl-C to all of its processes, and people press it again: one shutdown, whatever comes.
 */
function stopOnce(): Promise<void> {
  stopping ??= (async () => {
    terminal.line()
    terminal.line(`  Stopping: work in progress is finished first …`)
    await stack?.stop()
    terminal.line(`  ${terminal.green('✓')} All stopped`)
    process.exit()
  })()
  return stopping
}

async function fail(error: unknown): Promise<void> {
  // What breaks because it is being stopped is no failure.
  if (stopping !== undefined) return
  process.exitCode = 1
  const known = error instanceof StartupError
  const message = known ? error.message : `Unexpected: ${(error as Error)?.message ?? error}`
  terminal.line()
  for (const line of message.split('\n')) terminal.line(`  ${line}`)
  terminal.line()
  stopping = (async () => {
    await stack?.stop()
    process.exit()
  })()
  await stopping
}

function readArguments(args: readonly string[]): { reset: boolean; watch: boolean } {
  const unknown = args.filter(arg => arg !== '--reset' && arg !== '--watch')
  if (unknown.length > 0) {
    throw new StartupError(
      `npm start does not know ${unknown.join(' ')}.`,
      'It knows two options: npm start -- --reset begins anew, npm start -- --watch is npm run dev',
    )
  }
  return { reset: args.includes('--reset'), watch: args.includes('--watch') }
}
