import assert from 'node:assert/strict'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { mountSmallDisk } from '@botyard/testkit'
import type { FaultCase } from '../fault-case.ts'
import { startSystem, whenReady } from '../system.ts'

/** A log that cannot be written. */
export const logCases: readonly FaultCase[] = [
  {
    fault: "the disk of the gateway's log is full",
    needsRoot: true,
    async run() {
      const disk = await mountSmallDisk(64 * 1024)
      try {
        const log = openSync(join(disk.dir, 'gateway.log'), 'w')
        return await withoutLog(log, () => disk.fill()).finally(() => closeSync(log))
      } finally {
        await disk.close()
      }
    },
  },
  {
    fault: "the gateway's log is a pipe that nobody reads any more",
    run: () => withoutLog('pipe', async () => {}),
  },
]

async function withoutLog(log: number | 'pipe', breakIt: () => Promise<void>): Promise<string> {
  await using system = await startSystem()
  const gateway = await system.start('gateway', {}, log)
  await whenReady(gateway)
  gateway.leaveLog()
  await breakIt()
  // Each refusal is a line.
  for (let n = 0; n < 300; n++) {
    const { status } = await fetch(`${gateway.url}/hooks/telegram/nobody`, { method: 'POST' })
    assert.ok(status >= 400 && status < 500, `answered ${status}`)
  }
  assert.equal(await system.say(gateway, 'meanwhile'), 200)
  const dropped = await gateway.metric('botyard_log_lines_dropped_total')
  assert.ok(dropped > 0, 'no dropped line was counted')
  const { code, ms } = await gateway.stop()
  assert.equal(code, 0)
  return `answers go on, ${dropped} lines dropped and counted, ended with 0 after ${ms} ms`
}
