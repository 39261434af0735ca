import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { needsTools } from '@botyard/testkit'
import { runDashboards } from '../../src/prove/dashboards/run-dashboards.ts'

test(
  'under traffic every panel of the dashboards has data, and every rule is evaluated',
  needsTools('prometheus'),
  async t => {
    const directory = await mkdtemp(join(tmpdir(), 'botyard-dashboards-'))
    t.after(() => rm(directory, { recursive: true, force: true }))

    const { panels, problems } = await runDashboards({ rate: 5, seconds: 15 }, directory, () => undefined)

    assert.ok(panels > 60)
    assert.deepEqual(problems, [])
  },
)
