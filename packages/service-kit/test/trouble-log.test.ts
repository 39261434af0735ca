import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTroubleLog } from '../src/index.ts'
import { capturedLog } from './captured-log.ts'

test('trouble of one kind is one line, however often it comes; another kind is another line', () => {
  const { logger, lines } = capturedLog()
  const log = createTroubleLog(logger, 'trouble')

  for (let n = 0; n < 651; n++)
    log(new Error(`READONLY You can't write against a read only replica. script: ${n}`))
  for (let n = 0; n < 10; n++) log(Object.assign(new Error(`connect to port ${n}`), { code: 'ECONNREFUSED' }))
  log('no error')

  assert.equal(lines.length, 3)
})

test('after a quiet time the next line says how many were left out', t => {
  t.mock.method(performance, 'now', () => nowMs)
  let nowMs = 0
  const { logger, lines } = capturedLog()
  const log = createTroubleLog(logger, 'trouble')
  for (nowMs = 0; nowMs < 100_000; nowMs += 10_000) log(new Error('OOM command not allowed'))

  nowMs += 60_000
  log(new Error('OOM command not allowed'))

  assert.deepEqual(
    lines.map(line => line.leftOut),
    [undefined, 9],
  )
})
