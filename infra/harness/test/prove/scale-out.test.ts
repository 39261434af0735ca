import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { needsTools } from '@botyard/testkit'
import { runScaleOut } from '../../src/prove/scale-out/run-scale-out.ts'

/** Root in a container may not be allowed to. */
const canMakeNetworks = spawnSync('sh', ['-c', 'unshare --net ip link add type veth']).status === 0
const { skip } = needsTools('haproxy')

test('two machines share the work, and one does it alone while the other is cut off', {
  skip: skip || (canMakeNetworks ? false : 'no right to make network namespaces'),
}, async t => {
  const report = await runScaleOut({ chats: 40, messages: 6 }, line => t.diagnostic(line))

  assert.deepEqual(report.problems, [])
  assert.deepEqual(
    report.parts.map(({ messages }) => messages),
    [240, 240, 240],
  )
})
