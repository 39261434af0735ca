import { test } from 'node:test'
import fc from 'fast-check'
import { rig } from '../rig.ts'
import { History } from './history.ts'
import { anyMaxOutbox, anyStep } from './history-steps.ts'

const anyHistory = fc.array(anyStep, { maxLength: 80, size: 'max' })

test('whatever happens, everything is in its one place, in order, and is settled once', async t => {
  const all = await rig(t)
  const writers = {
    inbox: { plain: all.writerTo('inbox'), bulk: all.writerTo('inbox', true) },
    outbox: { plain: all.writerTo('outbox'), bulk: all.writerTo('outbox', true) },
  }
  await fc.assert(
    fc.asyncProperty(anyHistory, anyMaxOutbox, async (steps, maxOutbox) => {
      await all.redis.flushall()
      const history = new History(all, writers, maxOutbox)
      await history.begin()
      for (const step of steps) await history.step(step)
      await history.end()
    }),
    { numRuns: Number(process.env.RUNS ?? 60), ...(process.env.SEED && { seed: Number(process.env.SEED) }) },
  )
})
