import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AnswerRun } from '../../src/bench/answer/measure.ts'
import { answerTable, renderRatios } from '../../src/bench/answer/render.ts'
import { problemsOf, ratiosOf, summarise } from '../../src/bench/answer/summarise.ts'

test('Botyard is compared with every other subject, each run with the one beside it', () => {
  // The machine slowed down to a third in the middle: the medians alone (60 and 50) would say 1.2.
  const botyard = [300, 60, 50].map((answersPerSecond, i) => run('botyard', i + 1, { answersPerSecond }))
  const recipe = [100, 20, 50].map((answersPerSecond, i) => run('recipe', i + 1, { answersPerSecond }))
  const grammy = [600, 120, 100].map((answersPerSecond, i) =>
    run('grammy', i + 1, { answersPerSecond, cpuMicros: { gateway: 3 } }),
  )

  const ratios = ratiosOf([...botyard, ...recipe, ...grammy])

  assert.deepEqual(
    ratios.map(({ to, answersPerSecond, cpu }) => [to, answersPerSecond, cpu]),
    [
      ['recipe', 3, 1],
      ['grammy', 0.5, 2],
    ],
  )
})

test('the stateful answer is compared with the plain one', () => {
  const runs = [
    run('botyard', 1, {}),
    run('botyard, stateful', 1, { cpuMicros: { gateway: 2, worker: 6, redis: 4 } }),
  ]

  const [{ subject, to, cpu } = {}] = ratiosOf(runs)

  assert.deepEqual([subject, to, cpu], ['botyard, stateful', 'botyard', 2])
})

test('a load is compared with the same load, and without Botyard nothing is', () => {
  const busy = [run('botyard', 1, {}), run('recipe', 1, { load: '100/s' })]

  assert.deepEqual(ratiosOf(busy), [])
  assert.deepEqual(ratiosOf([run('grammy', 1, {}), run('recipe', 1, {})]), [])
})

test('the table has the processes that a system has, and the idle ones below', () => {
  const summaries = summarise([run('botyard', 1, {}), run('grammy', 1, { cpuMicros: { gateway: 291.4 } })])

  const { head, rows } = answerTable(summaries, [
    { subject: 'recipe', fsync: 'always', cpuPercent: { gateway: 0.25 } },
  ])

  assert.deepEqual(
    rows.map(row => [row[1], row[2], row[4]]),
    [
      ['saturation', 'botyard', '1 + 2 + 3 = 6'],
      ['saturation', 'grammy', '291'],
      ['idle', 'recipe', '0.3 % of a core'],
    ],
  )
  for (const row of rows) assert.equal(row.length, head.length)
  assert.equal(renderRatios([], summaries)["always saturation, botyard's p99"], '4.00 × its p50')
})

test('refused calls, replies lost or doubled and a rate that is not kept are problems', () => {
  assert.deepEqual(
    problemsOf([run('recipe', 1, {}), run('recipe', 2, { wantedPerSecond: 100, answersPerSecond: 98 })]),
    [],
  )
  assert.deepEqual(
    problemsOf([
      run('botyard', 3, {
        refused: { 503: 7 },
        strays: 1,
        missing: 2,
        wantedPerSecond: 800,
        answersPerSecond: 500.4,
      }),
    ]),
    [
      'always saturation round 3 botyard: 7 calls were answered 503',
      'always saturation round 3 botyard: 1 messages answer nothing that was waited for',
      'always saturation round 3 botyard: 2 accepted updates were never answered',
      'always saturation round 3 botyard: 500 answers a second instead of 800',
    ],
  )
  assert.match(problemsOf([run('botyard', 1, { answersPerSecond: 0 })])[0]!, /no reply arrived/)
})

function run(subject: AnswerRun['subject'], round: number, differing: Partial<AnswerRun>): AnswerRun {
  return {
    ...{ subject, round, fsync: 'always', load: 'saturation', wantedPerSecond: undefined },
    ...{ answersPerSecond: 100, cpuMicros: { gateway: 1, worker: 2, redis: 3 }, generatorMicros: 4 },
    ...{ ackP50Ms: 1, ackP99Ms: 2, answerP50Ms: 10, answerP99Ms: 40, answerMaxMs: 50 },
    ...{ refused: {}, strays: 0, missing: 0 },
    ...differing,
  }
}
