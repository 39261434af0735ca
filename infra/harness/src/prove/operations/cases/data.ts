import assert from 'node:assert/strict'
import { mountSmallDisk, postgresFaults, untilTrue } from '@botyard/testkit'
import type { FaultCase } from '../fault-case.ts'
import { startSystem, whenReady } from '../system.ts'

/** The control database, what is stored in it, and disks. */
export const dataCases: readonly FaultCase[] = [
  {
    fault: 'Postgres ends the connections of all apps, of which some wait for a lock',
    async run() {
      await using system = await startSystem()
      const apps = [await system.start('gateway'), await system.start('worker'), await system.start('admin')]
      await whenReady(...apps)
      const faults = await postgresFaults(system.controlUrl)

      const unlock = await faults.lockTable('bots')
      await faults.untilWaiting()
      const ended = await faults.endConnections()
      await unlock()
      await faults.close()
      for (const app of apps) {
        await untilTrue(async () => (await app.ready()).ready, 'ready again', 15_000)
        assert.ok(app.process.running)
      }
      await system.say(apps[0]!, 'after')
      await system.replied('after')
      return `${ended} connections ended, all apps live`
    },
  },
  {
    fault: 'the database holds a shard whose url cannot be parsed',
    async run() {
      await using system = await startSystem()
      await system.registerShard('s9', ['postgres://botyard:S3cr3t#x/y@10.0.0.9:5432/s9'])
      const gateway = await system.start('gateway')
      const worker = await system.start('worker')
      await whenReady(gateway, worker)
      await system.registerShard('s8', ['postgres://botyard:S3cr3t#x/y@10.0.0.8:5432/s8'])
      await system.say(gateway, 'after')
      await system.replied('after')
      assert.doesNotMatch([...worker.process.lines, ...gateway.process.lines].join(), /S3cr3t/)
      return 'worker started and answers, no password in the log'
    },
  },
  {
    fault: "Redis's disk is full",
    needsRoot: true,
    async run() {
      const disk = await mountSmallDisk(8 * 1024 * 1024)
      try {
        await using system = await startSystem({ dir: disk.dir })
        const gateway = await system.start('gateway')
        const worker = await system.start('worker')
        await whenReady(gateway, worker)
        await disk.fill()
        await untilTrue(
          async () => (await system.say(gateway, 'meanwhile')) === 503,
          'refused with 503',
          30_000,
        )
        await disk.free()
        await untilTrue(async () => (await system.say(gateway, 'after')) === 200, 'taken again', 30_000)
        await system.replied('after', 30_000)
        return 'answered 503, replies after it'
      } finally {
        await disk.close()
      }
    },
  },
]
