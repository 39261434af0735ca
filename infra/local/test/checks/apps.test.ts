import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { findMisshapenApps } from '../../src/checks/find-misshapen-apps.ts'

const plugin = "export default fp(async () => {}, { name: 'ops', fastify: '5.x' })\n"
const shaped = {
  'package.json': '{}',
  'src/server.ts': 'await app.close()\n',
  'src/app.ts': '',
  'src/config.ts': '',
  'src/errors.ts': '',
  'src/metrics.ts': '',
  'src/plugins/ops.ts': plugin,
  'src/routes/index.ts': '',
}

test('an app of the one shape has no fault', t => {
  assert.deepEqual(findMisshapenApps(appsOf(t, { worker: shaped })), [])
})

test('a part that an app lacks is named', t => {
  const { 'src/routes/index.ts': _routes, 'src/errors.ts': _errors, ...rest } = shaped

  assert.deepEqual(findMisshapenApps(appsOf(t, { worker: rest })), [
    'apps/worker/src has no errors.ts',
    'apps/worker/src has no routes',
  ])
})

test('a server that closes more than its app, or is long, and a plugin without a name are faults', t => {
  const faults = findMisshapenApps(
    appsOf(t, {
      admin: { ...shaped, 'src/server.ts': 'await app.close()\nredis.disconnect()\n' },
      gateway: { ...shaped, 'src/server.ts': '\n'.repeat(70) },
      worker: { ...shaped, 'src/plugins/ops.ts': 'export default fp(async () => {})\n' },
    }),
  )

  assert.deepEqual(faults, [
    'apps/admin/src/server.ts closes more than the app: whoever opens a thing closes it',
    'apps/gateway/src/server.ts has 71 lines, more than 60',
    'apps/worker/src/plugins/ops.ts is no plugin with a name, for Fastify 5',
  ])
})

function appsOf(t: TestContext, apps: Record<string, Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'botyard-apps-'))
  t.after(() => rmSync(root, { recursive: true }))
  for (const [app, files] of Object.entries(apps)) {
    for (const [file, text] of Object.entries(files)) {
      const path = join(root, 'apps', app, file)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
  }
  return root
}
