import { existsSync } from 'node:fs'
import { findExecutable } from '../processes/find-executable.ts'
import type { Terminal } from '../screen/terminal.ts'
import { administratorPrefix, installByApt } from './apt.ts'

/**
 * Sees to it that the tests find PgBouncer: installed by apt where that needs no question. Where it cannot
 * be, all other tests run, and the one that needs it fails and says what to install.
 */
export async function providePgBouncer(terminal: Terminal, log: string): Promise<void> {
  // Debian's lies in /usr/sbin, which is not on everybody's path.
  if (findExecutable('pgbouncer') || existsSync('/usr/sbin/pgbouncer') || !findExecutable('apt-get')) return
  const prefix = await administratorPrefix()
  if (prefix === undefined) return
  await terminal
    .step('Installing pgbouncer with apt (once)', () =>
      installByApt('pgbouncer', { prefix, log, byHand: 'apt-get install pgbouncer' }),
    )
    .catch(error => terminal.line(String(error.message)))
}
