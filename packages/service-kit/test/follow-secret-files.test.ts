import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { until } from '@botyard/testkit/until'
import { Type } from 'typebox'
import { followSecretFiles } from '../src/follow-secret-files.ts'
import {
  createKeyring,
  createRegistry,
  type KeySet,
  keySet,
  replaceKeys,
  secretFilesOf,
} from '../src/index.ts'
import { capturedLog } from './captured-log.ts'

const schema = Type.Object({
  KEYRING: keySet('the keys'),
  DATABASE_URL: Type.String({ description: 'the database' }),
})
const k1 = randomBytes(32).toString('base64')
const k2 = randomBytes(32).toString('base64')
const both: KeySet = { active: 'k2', keys: { k1, k2 } }

test('a changed file is taken over, whether it was written, renamed or swapped by a symlink above it', async t => {
  const dir = folderOf(t)
  await mkdir(join(dir, 'v1'))
  await writeFile(join(dir, 'v1', 'KEYRING'), JSON.stringify({ active: 'k1', keys: { k1 } }))
  await symlink('v1', join(dir, '..data'))
  await symlink(join('..data', 'KEYRING'), join(dir, 'KEYRING'))
  const { keyring, changes, active } = follow(t, join(dir, 'KEYRING'))
  assert.equal(active(), 'k1')

  // As Kubernetes does it.
  await mkdir(join(dir, 'v2'))
  await writeFile(join(dir, 'v2', 'KEYRING'), JSON.stringify(both))
  await symlink('v2', join(dir, '..data_tmp'))
  await rename(join(dir, '..data_tmp'), join(dir, '..data'))
  await until(() => active() === 'k2')

  // The same size and mtime as before.
  await utimes(join(dir, 'v2', 'KEYRING'), 1, 1)
  await writeFile(join(dir, 'v2', 'KEYRING'), JSON.stringify({ ...both, active: 'k1' }))
  await utimes(join(dir, 'v2', 'KEYRING'), 1, 1)
  await until(() => active() === 'k1')

  assert.deepEqual(changes, [
    ['KEYRING', { active: 'k2', added: 'k2', removed: '' }],
    ['KEYRING', { active: 'k1', added: '', removed: '' }],
  ])
  assert.equal(keyring.keys().length, 2)
})

test('what cannot be used is reported once, without its text, and the old value stays until a good one comes', async t => {
  const file = join(folderOf(t), 'KEYRING')
  await writeFile(file, JSON.stringify({ active: 'k1', keys: { k1 } }))
  const { active, lines, text, metric, errors } = follow(t, file)

  await writeFile(file, `{"active":"k2","keys":{"k1":"${k1}","k2":"very-secret"}}`)
  await until(() => errors() === 1)
  await writeFile(file, JSON.stringify({ active: 'k1', keys: { k1: k2 } }))
  await until(() => errors() === 2)
  await rm(file)
  await until(() => errors() === 3)

  assert.equal(active(), 'k1')
  assert.deepEqual(
    lines.map(line => (line.err as { code: string }).code),
    ['CFG_INVALID', 'KEY_REUSED', 'ENOENT'],
  )
  assert.ok(!text.join('').includes('very-secret') && !text.join('').includes(k1))
  assert.match(await metric(), /\{secret="KEYRING",outcome="unusable",app="test"\} 3$/m)

  await writeFile(file, JSON.stringify(both))
  await until(() => active() === 'k2')
  assert.match(await metric(), /\{secret="KEYRING",outcome="changed",app="test"\} 1$/m)
  assert.equal(errors(), 3)
})

test('a secret that is read at the start only is named when its file changes', async t => {
  const file = join(folderOf(t), 'DATABASE_URL')
  await writeFile(file, 'postgres://one')
  const { lines, metric, needsRestart } = follow(t, file, 'DATABASE_URL')

  // Until it differs from what the first look saw, of which nothing tells.
  for (let n = 0; lines.length === 0; n++) {
    await writeFile(file, `postgres://${n}`)
    await delay(5)
  }

  assert.equal(lines[0]!.variable, 'DATABASE_URL')
  assert.equal(lines[0]!.msg, 'secret file changed, the new value is used after a restart')
  assert.match(await metric(), /\{secret="DATABASE_URL",outcome="restart",app="test"\} [1-9]/m)
  assert.match(await needsRestart(), /\{secret="DATABASE_URL",app="test"\} 1$/m)
})

test('the files of a schema are those that NAME_FILE names', () => {
  const env = {
    KEYRING_FILE: '/run/keyring',
    DATABASE_URL: 'x',
    DATABASE_URL_FILE: '',
    OTHER_FILE: '/run/other',
  }

  assert.deepEqual(secretFilesOf(schema, env), { KEYRING: '/run/keyring' })
})

function follow(t: TestContext, path: string, name = 'KEYRING') {
  const { logger, lines, text } = capturedLog()
  const registry = createRegistry({ app: 'test' })
  const keyring = createKeyring({ active: 'k1', keys: { k1 } })
  const changes: unknown[] = []
  const following = followSecretFiles({
    schema,
    files: { [name]: path },
    apply: { KEYRING: replaceKeys(keyring) },
    onChange: (...change) => changes.push(change),
    logger,
    registry,
    everyMs: 5,
  })
  t.after(() => following.close())
  return {
    keyring,
    changes,
    lines,
    text,
    active: () => keyring.keys().find(key => key.active)!.id,
    errors: () => lines.filter(({ level }) => level === 'error').length,
    metric: () => registry.getSingleMetricAsString('botyard_secret_reloads_total'),
    needsRestart: () => registry.getSingleMetricAsString('botyard_secret_needs_restart'),
  }
}

function folderOf(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'botyard-secrets-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  return dir
}
