import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsTools } from '@botyard/testkit'
import { runRestore } from '../../src/drill/restore/run-restore.ts'
import { findSystemPostgres } from '../../src/drill/restore/system-postgres.ts'

test(
  'a system that burned is restored: nothing accepted before the backup is lost, only what waited in it goes twice',
  needsTools('redis-cli', findSystemPostgres() === undefined ? 'postgresql' : 'sh'),
  async t => {
    const report = await runRestore({ chats: 8, messages: 3 }, line => t.diagnostic(line))

    assert.deepEqual(report.problems, [])
    assert.deepEqual(
      report.parts.map(({ messages, answeredTwice }) => [messages, answeredTwice]),
      [
        [24, 0],
        [24, 24],
        [24, 0],
        [24, 0],
      ],
    )
  },
)
