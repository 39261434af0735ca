import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileGraph } from '../../src/checks/import-graph.ts'
import { tiersOf } from '../../src/tests/tiers.ts'
import { madeUpRepository } from './made-up-repository.ts'

const files = {
  'packages/testkit/package.json':
    '{"name":"@botyard/testkit","exports":{".":"./src/index.ts","./latch":"./src/latch.ts"}}',
  'packages/testkit/src/index.ts': "export * from './latch.ts'\nexport * from './redis.ts'",
  'packages/testkit/src/latch.ts': 'export const latch = 1',
  'packages/testkit/src/redis.ts': "import { spawn } from 'node:child_process'\nspawn",
  'packages/mailbox/test/pure.test.ts': "import { latch } from '@botyard/testkit/latch'\nlatch",
  'packages/mailbox/test/type.test.ts': "import type { ChildProcess } from 'node:child_process'",
  'packages/mailbox/src/guard.ts': "import { spawn } from 'node:child_process'\nspawn",
  'packages/mailbox/test/guard.test.ts': "import '../src/guard.ts'",
  'packages/mailbox/test/rig.ts': "import { latch } from '@botyard/testkit'\nlatch",
  'packages/mailbox/test/stored.test.ts': "import './rig.ts'",
  'packages/mailbox/test/rate.alone.test.ts': "import './rig.ts'",
  'apps/worker/test/process.test.ts': "import { spawn } from 'node:child_process'\nspawn",
  'infra/local/test/stack.test.ts': "import '@botyard/testkit'",
  'infra/local/test/screen.test.ts': '',
}

test('the tier of a test follows from what it starts, itself or by what it imports', t => {
  const root = madeUpRepository(t, files)
  const tests = Object.keys(files).filter(file => file.endsWith('.test.ts'))

  const tiers = tiersOf(tests, fileGraph(root), root)

  assert.deepEqual(Object.fromEntries(tiers), {
    'packages/mailbox/test/pure.test.ts': 'unit',
    'packages/mailbox/test/type.test.ts': 'unit',
    'packages/mailbox/test/guard.test.ts': 'unit',
    'packages/mailbox/test/stored.test.ts': 'services',
    'packages/mailbox/test/rate.alone.test.ts': 'alone',
    'apps/worker/test/process.test.ts': 'services',
    'infra/local/test/stack.test.ts': 'system',
    'infra/local/test/screen.test.ts': 'unit',
  })
})
