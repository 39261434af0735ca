import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { repository } from '../../src/config.ts'
import { runToEnd } from '../../src/processes/run-to-end.ts'

const programs = [
  ...['ingest-gateway/src/server.ts', 'worker/src/server.ts', 'admin/src/server.ts'],
  ...['admin/src/migrate.ts', 'worker/src/migrate.ts', 'admin/src/issue-token.ts'],
]

for (const program of programs) {
  test(`${program} says once what is wrong with its configuration, all of it, without a stack trace`, async () => {
    const env = { PATH: process.env.PATH, KEYRING: 'nonsense', JWT_KEYS: 'nonsense', LOG_LEVEL: 'loud' }

    const { code, stdout, stderr } = await runToEnd(process.execPath, [join(repository, 'apps', program)], {
      env,
    })

    const text = stdout + stderr
    assert.equal(code, program.includes('issue-token') ? 1 : 78)
    assert.equal(text.split('The configuration is invalid:').length, 2, text)
    const lines = text.split('\n').filter(line => line.startsWith('  '))
    assert.ok(lines.length >= 1)
    assert.equal(new Set(lines).size, lines.length, text)
    assert.doesNotMatch(text, /^ +at |nonsense/m)
  })
}
