import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild } from '../child.ts'

/** The clock of a server that is started with `env`; needs a C compiler (`cc`). */
export interface SettableClock {
  readonly env: NodeJS.ProcessEnv
  /** From now on it is ahead of the machine's by that much. */
  set(aheadSeconds: number): Promise<void>
  /** Not before the server has ended. */
  remove(): Promise<void>
}

/** Makes a clock that shows the machine's time until it is set. */
export async function createSettableClock(): Promise<SettableClock> {
  const dir = await mkdtemp(join(tmpdir(), 'botyard-clock-'))
  const [library, file] = [join(dir, 'clock.so'), join(dir, 'ahead')]
  const set = (aheadSeconds: number) => writeFile(file, String(aheadSeconds))
  await set(0)
  const source = fileURLToPath(new URL('./settable-clock.c', import.meta.url))
  const compiler = await startChild('cc', ['-shared', '-fPIC', '-O1', '-o', library, source])
  const { code } = await compiler.exited
  if (code !== 0) throw new Error(`cc failed:\n${compiler.lines.join('\n')}`)
  return {
    env: { LD_PRELOAD: library, CLOCK_FILE: file },
    set,
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}
