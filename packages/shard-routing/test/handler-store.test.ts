import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHandlerStore } from '../src/index.ts'
import { controlDatabases } from './control.ts'

const databases = controlDatabases()

test('handlers that workers report, again and at the same time, are known once each', async t => {
  const handlers = createHandlerStore(await databases.migrated(t))

  await Promise.all([handlers.report(['quiz', 'echo']), handlers.report(['echo', 'quiz', 'echo']), handlers.report([])])

  assert.deepEqual(
    (await handlers.list()).map(handler => handler.name),
    ['echo', 'quiz'],
  )
  assert.equal(await handlers.exists('echo'), true)
  assert.equal(await handlers.exists('Echo'), false)
})
