import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { problemsOf } from '../../src/simulate/ledger.ts'
import { telegram } from '../../src/simulate/platforms/telegram/telegram.ts'
import { simulateTraffic, type TrafficOptions } from '../../src/simulate/simulate-traffic.ts'
import { type Misbehaviour, startStandIn } from './stand-in.ts'

const hundredth = (accepted: number) => accepted % 100 === 50

test('a system that does everything right has clean books, duplicates included', async t => {
  const { report, system } = await run(t, {}, { duplicateShare: 0.1 })

  assert.ok(report.sent > 100)
  assert.equal(report.accepted, report.sent)
  assert.equal(report.handled, report.sent)
  assert.equal(report.replied, report.sent)
  assert.ok(report.duplicatesSent > 0)
  assert.deepEqual(report.refused, {})
  assert.deepEqual(problemsOf(report), [])
  assert.ok(report.ackMs.p50! <= report.ackMs.p99!)
  assert.ok(report.updateToReplyMs.p99! > 0)
  assert.match(system.registered[0] ?? '', /^simulate-[0-9a-f]{8}$/)
  assert.equal(system.bots.size, 0)
})

test('lost updates are counted, no longer than its patience', async t => {
  const { report } = await run(t, { loses: hundredth }, { patienceSeconds: 1 })

  assert.ok(report.lost > 0)
  assert.equal(report.lost, report.accepted - report.handled)
  assert.equal(report.duplicated + report.outOfOrder + report.strange, 0)
  assert.ok(problemsOf(report).length > 0)
})

test('a doubled reply is counted', async t => {
  const { report } = await run(t, { doubles: hundredth })

  assert.ok(report.duplicated > 0)
  assert.equal(report.replied, report.handled + report.duplicated)
  assert.equal(report.lost + report.outOfOrder + report.strange, 0)
  assert.ok(problemsOf(report).length > 0)
})

test('replies in the wrong order are counted', async t => {
  const { report } = await run(t, { swaps: accepted => accepted === 20 }, { chats: 3 })

  assert.equal(report.outOfOrder, 1)
  assert.equal(report.lost + report.duplicated + report.strange, 0)
  assert.ok(problemsOf(report).length > 0)
})

test('a changed text is counted, and its update as lost', async t => {
  const { report } = await run(t, { garbles: hundredth }, { patienceSeconds: 1 })

  assert.ok(report.strange > 0)
  assert.equal(report.lost, report.strange)
  assert.ok(problemsOf(report).length > 0)
})

test('a system that forgets what it has seen doubles what is delivered twice', async t => {
  const { report } = await run(t, { forgetsDuplicates: true }, { duplicateShare: 0.1 })

  assert.equal(report.duplicated, report.duplicatesSent)
  assert.ok(report.duplicated > 0)
  assert.ok(problemsOf(report).length > 0)
})

test('refusals are counted by status and redelivered', async t => {
  const { report } = await run(t, { refuses: calls => (calls === 10 || calls === 40 ? 503 : undefined) })

  assert.deepEqual(report.refused, { 503: 2 })
  assert.deepEqual(problemsOf(report), [])
})

test('what is never accepted is undelivered, not lost', async t => {
  const { report } = await run(t, { refuses: () => 500 }, { patienceSeconds: 1 })

  assert.equal(report.undelivered, report.sent)
  assert.equal(report.lost, 0)
  assert.ok(problemsOf(report).length > 0)
})

test('an abort ends the sending and still gives the books', async t => {
  const stop = new AbortController()
  const { report } = await run(t, {}, { seconds: 600 }, stop)

  assert.ok(report.sentForSeconds < 60)
  assert.deepEqual(problemsOf(report), [])
})

async function run(
  t: TestContext,
  wrong: Misbehaviour,
  options: Partial<TrafficOptions> = {},
  stop = new AbortController(),
) {
  const system = await startStandIn(t, wrong)
  const all = {
    rate: 400,
    seconds: 0.5,
    chats: 30,
    seed: 7,
    patienceSeconds: 10,
    duplicateShare: 0,
    ...options,
  }
  const listener = { onProgress: () => stop.abort(), onWarning: (message: string) => assert.fail(message) }
  const report = await simulateTraffic({ run: system.run, platform: telegram, ...all }, listener, stop.signal)
  return { report, system }
}
