import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { migrateControl } from '@botyard/control-database'
import { startPostgres, startProcess, type TestPostgres } from '@botyard/testkit'
import { build, openDatabase, silent, tokenOf } from '../helper.ts'

let postgres: TestPostgres
before(async () => {
  postgres = await startPostgres()
})
after(() => postgres.stop())

test('a command asks the admin API that the local stack has announced, and prints a table or JSON', async t => {
  const url = await listen(t)
  const dir = folderOf(t)
  writeFileSync(join(dir, 'run.json'), JSON.stringify({ adminUrl: url, adminToken: tokenOf('viewer') }))

  const text = await botyard(t, ['bots', 'list'], { BOTYARD_DIR: dir })
  const json = await botyard(t, ['bots', 'list', '--json'], { BOTYARD_DIR: dir })

  assert.deepEqual(text, { code: 0, text: 'bot  platform  handler  webhook' })
  assert.deepEqual(json, { code: 0, text: '[]' })
})

test('url and token of the environment are used before those of the local stack, options before both', async t => {
  const url = await listen(t)
  const env = { BOTYARD_DIR: folderOf(t), BOTYARD_ADMIN_URL: url, BOTYARD_ADMIN_TOKEN: 'wrong' }

  const refused = await botyard(t, ['bots', 'list'], env)
  const served = await botyard(t, ['bots', 'list', '--token', tokenOf('viewer')], env)

  assert.equal(refused.code, 1)
  assert.match(refused.text, /\[ADM_TOKEN_INVALID\]$/)
  assert.equal(served.code, 0)
})

test("the local stack's token is not sent to another address", async t => {
  const url = await listen(t)
  const dir = folderOf(t)
  writeFileSync(
    join(dir, 'run.json'),
    JSON.stringify({ adminUrl: 'http://127.0.0.1:1', adminToken: tokenOf('owner') }),
  )

  const { code, text } = await botyard(t, ['bots', 'list', '--url', url], { BOTYARD_DIR: dir })

  assert.equal(code, 1)
  assert.match(text, /No token for .*\[CLI_NO_CONNECTION\]/)
})

test('a url of the admin API that cannot be one is refused without its password', async t => {
  const env = { BOTYARD_DIR: folderOf(t) }
  for (const [url, problem] of [
    ['127.0.0.1:8081', /must begin with http/],
    ['http://ann:S3cr3t@127.0.0.1:8081', /holds a user or password/],
    ['http://ann:S3cr3t#@127.0.0.1:8081', /holds a space, # or \?/],
    ['http://S3cr3t:port', /host or port/],
  ] as const) {
    const { code, text } = await botyard(t, ['bots', 'list', '--url', url, '--token', 'x'], env)

    assert.equal(code, 1)
    assert.match(text, problem)
    assert.match(text, /BOTYARD_ADMIN_URL.*\[CLI_NO_CONNECTION\]/)
    assert.doesNotMatch(text, /S3cr3t/)
  }
})

test('what cannot be done is said with a code: a message for people, an object with --json', async t => {
  const env = { BOTYARD_DIR: folderOf(t) }
  const away = ['--url', 'http://127.0.0.1:1', '--token', 'x']

  const unknown = await botyard(t, ['bots', 'feed'], env)
  const nowhere = await botyard(t, ['bots', 'list'], env)
  const tooMany = await botyard(t, ['bots', 'list', 'all'], env)
  const unreachable = await botyard(t, ['bots', 'list', ...away, '--json'], env)

  assert.equal(unknown.code, 2)
  assert.match(unknown.text, /^There is no command "bots feed"[\s\S]*bots list +the bots/)
  assert.equal(nowhere.code, 1)
  assert.match(nowhere.text, /Which admin API\?.*\[CLI_NO_CONNECTION\]/)
  assert.equal(tooMany.code, 2)
  assert.match(tooMany.text, /^"all" is one too many[\s\S]*Usage: npm run botyard -- bots list/)
  assert.equal(unreachable.code, 1)
  assert.equal(JSON.parse(unreachable.text).error.code, 'CLI_UNREACHABLE')
})

test('help lists the commands, and tells of one', async t => {
  const all = await botyard(t, ['--help'], {})
  const one = await botyard(t, ['bots', 'list', '-h'], {})

  assert.equal(all.code, 0)
  assert.match(all.text, /^Usage: npm run botyard -- <command> \[options\][\s\S]*--json/)
  assert.equal(one.code, 0)
  assert.match(one.text, /^Usage: npm run botyard -- bots list \[options\]/)
})

async function listen(t: TestContext): Promise<string> {
  const db = openDatabase(t, await postgres.createDatabase())
  await migrateControl(db, silent)
  const { app } = await build(t, { db })
  return await app.listen({ host: '127.0.0.1', port: 0 })
}

async function botyard(t: TestContext, args: readonly string[], env: Record<string, string>) {
  const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
  const clean = { BOTYARD_ADMIN_URL: undefined, BOTYARD_ADMIN_TOKEN: undefined }
  const child = await startProcess(main, { args, env: { ...clean, ...env } })
  t.after(() => child.kill())
  const { code } = await child.exited
  return { code, text: child.lines.join('\n') }
}

function folderOf(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'botyard-cli-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  return dir
}
