import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createLatch, until } from '@botyard/testkit'
import type { Disposition, Mail } from '../../src/index.ts'
import { numberOf, rig, update } from '../rig.ts'

const one = 'bot/one'
const error = new Error('escaped')

test('a handler that is failed from outside is aborted, and judged by that error whatever it returns', async t => {
  const { writer, worker } = await rig(t)
  const judged: unknown[] = []
  const reasons: unknown[] = []
  await worker(
    async (mail, signal) => {
      assert.equal(mail.fail(error), true)
      reasons.push(signal.reason)
      return { do: 'ack' }
    },
    {
      judge(_, thrown): Disposition {
        judged.push(thrown)
        return { do: 'park', reason: 'X' }
      },
    },
  )

  await writer.deliver(update(one, 1))
  await until(() => judged.length > 0)

  assert.deepEqual([judged, reasons], [[error], [error]])
})

test('an entry fails while its outcome has not gone out, and not any more once it has', async t => {
  const { writer, worker } = await rig(t)
  const answers: boolean[] = []
  const dispositions: string[] = []
  const gone = createLatch<Mail>()
  await worker(
    async mail => {
      if (mail.tries === 0) queueMicrotask(() => queueMicrotask(() => answers.push(mail.fail(error))))
      else
        void turn()
          .then(turn)
          .then(() => gone.open(mail))
      return { do: 'ack' }
    },
    { onSettled: (_, disposition) => dispositions.push(disposition.do) },
  )

  await writer.deliver(update(one, 1))
  await until(() => dispositions.length === 2)
  answers.push((await gone.wait()).fail(error))

  assert.deepEqual(dispositions, ['retry', 'ack'])
  assert.deepEqual(answers, [true, false])
})

for (const ending of ['returns', 'throws'] as const) {
  test(`what comes after a head that was failed at the last moment runs under a signal of its own: it ${ending}`, async t => {
    const { writer, worker } = await rig(t)
    const seen: [number, boolean][] = []
    const settled: string[] = []
    await writer.deliver(update(one, 1))
    await writer.deliver(update(one, 2))
    await worker(
      async (mail, signal) => {
        seen.push([numberOf(mail), signal.aborted])
        if (numberOf(mail) === 2) return { do: 'ack' }
        // When its outcome is known, and has not gone out.
        void turn().then(() => mail.fail(error))
        if (ending === 'throws') throw new Error('its own')
        return { do: 'ack' }
      },
      {
        judge: mail => ({ do: 'dead', letter: mail.body, reason: 'X' }),
        onSettled: (_, disposition) => settled.push(disposition.do),
      },
    )
    await until(() => settled.length === 2)

    assert.deepEqual(settled, ['dead', 'ack'])
    assert.deepEqual(seen, [
      [1, false],
      [2, false],
    ])
  })
}
