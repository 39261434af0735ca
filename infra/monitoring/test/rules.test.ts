import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { needsTools } from '@botyard/testkit'
import { filesOf, prometheusFolder } from './monitoring-files.ts'

/** It collects garbage less often than usual, which is a fifth of its time. */
const env = { ...process.env, GOGC: '800' }

/** What promtool has to object to; it ends with another code than 0 then. */
async function promtool(...args: string[]): Promise<string> {
  return promisify(execFile)('promtool', args, { cwd: prometheusFolder, env }).then(
    () => '',
    ({ stdout, stderr }) => `${stdout}${stderr}`,
  )
}

test('Prometheus takes the rules and the scrape configuration', needsTools('promtool'), async () => {
  assert.equal(await promtool('check', 'config', 'prometheus.yml'), '')
})

for (const { name } of filesOf('prometheus/tests')) {
  test(`alerts fire in the scenarios of ${name}, and in no other`, needsTools('promtool'), async () => {
    assert.equal(await promtool('test', 'rules', `tests/${name}`), '')
  })
}
