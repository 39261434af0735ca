import { spawn } from 'node:child_process'
import type { TestContext } from 'node:test'
import { createLatch } from '@botyard/testkit'
import { repository } from '../src/config.ts'

/**
 * A shell that a reader of the documentation pastes into: blocks run in order and keep their variables and
 * functions.
 */
export interface PastedShell {
  /**
   * Pastes a block; answers what was printed, by the block and what it left running, when the block has
   * ended.
   */
  paste(block: string): Promise<string>
  /**
   * Waits until a background process of the shell has printed this; rejects with all that it printed if it
   * never does.
   */
  printed(pattern: RegExp, signal: AbortSignal): Promise<void>
}

/** Starts bash in the repository's folder; it and all that it started end with the test. */
export function startPastedShell(t: TestContext, env: Record<string, string>): PastedShell {
  // A process group of its own: what is left in the background ends with it.
  const bash = spawn('bash', ['--norc', '-s'], {
    cwd: repository,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>(resolve => bash.once('close', () => resolve()))
  t.after(async () => {
    try {
      process.kill(-bash.pid!, 'SIGKILL')
    } catch {
      // Ended by itself.
    }
    await ended
  })
  let output = ''
  let more = createLatch()
  for (const stream of [bash.stdout, bash.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      output += text
      more.open()
      more = createLatch()
    })
  }
  let blocks = 0

  async function untilPrinted(what: string, found: () => boolean, signal?: AbortSignal): Promise<void> {
    while (!found()) {
      const gone = Promise.withResolvers<never>()
      const onAbort = () => gone.reject(new Error(`${what} was not printed, only:\n${output}`))
      if (signal?.aborted) onAbort()
      signal?.addEventListener('abort', onAbort)
      await Promise.race([more.wait(), ended.then(onAbort), gone.promise]).finally(() =>
        signal?.removeEventListener('abort', onAbort),
      )
    }
  }

  return {
    async paste(block) {
      const from = output.length
      const mark = `end of block ${++blocks}`
      bash.stdin.write(`${block}\nprintf '%s\\n' '${mark}'\n`)
      await untilPrinted(mark, () => output.includes(`${mark}\n`, from))
      return output.slice(from, output.indexOf(`${mark}\n`, from))
    },
    printed: (pattern, signal) => untilPrinted(String(pattern), () => pattern.test(output), signal),
  }
}
