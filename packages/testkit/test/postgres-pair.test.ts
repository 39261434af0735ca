import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startPostgresPair } from '../src/index.ts'

test('a commit of the primary is on the standby, which takes writes once promoted; the old primary comes back as it was', async t => {
  const pair = await startPostgresPair()
  t.after(() => pair.stop())
  const { primary, standby } = pair
  await primary.sql('CREATE TABLE notes (id int PRIMARY KEY)')
  await primary.sql('INSERT INTO notes VALUES (1)')

  await assert.rejects(standby.sql('INSERT INTO notes VALUES (2)'), { code: '25006' })
  await primary.kill()
  await assert.rejects(primary.sql('SELECT'), { code: 'ECONNREFUSED' })
  await pair.promote()
  await standby.sql('INSERT INTO notes VALUES (2)')
  await pair.startRogue()
  await primary.sql('INSERT INTO notes VALUES (3)')

  assert.deepEqual(await standby.sql('SELECT id FROM notes ORDER BY id'), [{ id: 1 }, { id: 2 }])
  assert.deepEqual(await primary.sql('SELECT id FROM notes ORDER BY id'), [{ id: 1 }, { id: 3 }])
})
