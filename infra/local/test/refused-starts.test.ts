import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { startProcess } from '@botyard/testkit'
import { stackPlace } from './start-stack.ts'

const startFile = join(import.meta.dirname, '..', 'src', 'commands', 'start.ts')

/** What a start that must fail says; checks that it is told without a stack and with exit code 1. */
async function refusal(
  t: TestContext,
  env: Record<string, string | undefined>,
  args: string[] = [],
): Promise<string> {
  const place = await stackPlace(t)
  const start = await startProcess(startFile, { args, env: { ...place.env, ...env } })
  assert.deepEqual(await start.exited, { code: 1, signal: null }, start.lines.join('\n'))
  const text = start.lines.join('\n')
  assert.doesNotMatch(text, /\n\s+at |Unexpected/)
  return text
}

test('a port in use is named, with a free one to use instead', async t => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  t.after(() => other.close())
  const { port } = other.address() as { port: number }

  const text = await refusal(t, { GATEWAY_PORT: String(port) })

  assert.match(text, new RegExp(`Port ${port} \\(GATEWAY_PORT\\) is in use by another program`))
  assert.match(text, /GATEWAY_PORT=\d+ npm start/)
})

test('two apps on one port are refused', async t => {
  const text = await refusal(t, { GATEWAY_PORT: '48123', ADMIN_PORT: '48123' })

  assert.match(text, /Port 48123 \(ADMIN_PORT\) is given twice/)
})

test('every wrong variable is named at once', async t => {
  const text = await refusal(t, { GATEWAY_PORT: '8080x', REDIS_URL: 'localhost' })

  assert.match(text, /GATEWAY_PORT[\s\S]*REDIS_URL/)
})

test('an unknown option is refused', async t => {
  assert.match(await refusal(t, {}, ['--rest']), /does not know --rest/)
})

test('without a Redis that can be found or installed, the way to one is told', async t => {
  const { dir } = await stackPlace(t)
  const empty = join(dir, 'bin')
  mkdirSync(empty)

  const text = await refusal(t, { PATH: empty })

  assert.match(text, /neither redis-server nor valkey-server is on PATH[\s\S]*REDIS_URL/)
})

test('a Redis that exits at once is told with the end of its log', async t => {
  const { dir } = await stackPlace(t)
  const program = join(dir, 'redis-server')
  writeFileSync(program, '#!/bin/sh\necho "it is broken in a new way"\nexit 3\n')
  chmodSync(program, 0o755)

  const text = await refusal(t, { PATH: `${dir}:${process.env.PATH}` })

  assert.match(text, /redis did not start \(exit code 3\)[\s\S]*it is broken in a new way/)
})

test('a Redis or a database named by url that does not answer is told, without its password', async t => {
  const redis = await refusal(t, { REDIS_URL: 'redis://:geheim@127.0.0.1:1' })
  const database = await refusal(t, { CONTROL_DATABASE_URL: 'postgres://u:geheim@127.0.0.1:1/x' })

  assert.match(redis, /REDIS_URL does not answer \(redis:\/\/127\.0\.0\.1:1\)/)
  assert.match(database, /postgres:\/\/127\.0\.0\.1:1\/x cannot be used: .*ECONNREFUSED/)
  assert.doesNotMatch(redis + database, /geheim/)
})

test('an empty secret and a state folder that is a file are told with what to do', async t => {
  const place = await stackPlace(t)
  mkdirSync(join(place.dir, 'secrets'))
  writeFileSync(join(place.dir, 'secrets', 'KEYRING'), '')
  const file = join(place.dir, 'a-file')
  writeFileSync(file, '')

  assert.match(
    await refusal(t, { BOTYARD_DIR: place.dir }),
    /KEYRING cannot be read or is empty[\s\S]*--reset/,
  )
  assert.match(await refusal(t, { BOTYARD_DIR: file }), /a-file cannot be used[\s\S]*BOTYARD_DIR=/)
})

test('a bot that does not load is named with its line, before anything is started for it', async t => {
  const { dir } = await stackPlace(t)
  const bots = join(dir, 'bots')
  mkdirSync(bots)
  const good = "import { defineBot } from '@botyard/bot-kit'\n\n"
  writeFileSync(
    join(bots, 'syn.ts'),
    `${good}export default defineBot({ onMessage: ctx => { ctx.reply('a' } })\n`,
  )
  writeFileSync(join(bots, 'thrower.ts'), `${good}\nthrow new Error('no key of the shop')\n`)
  writeFileSync(
    join(bots, 'well.ts'),
    `${good}export default defineBot({ onMessage: ctx => ctx.reply('a') })\n`,
  )
  writeFileSync(join(bots, 'without.ts'), 'export const nothing = 1\n')

  const text = await refusal(t, { BOTS_DIR: bots })

  assert.match(text, /✗ Your bots: syn\.ts:3 Expected ',', got '}'\n/)
  assert.match(text, /✗ Your bots: thrower\.ts:4 no key of the shop\n/)
  assert.match(text, /✗ Your bots: without\.ts .*export default defineBot/)
  assert.doesNotMatch(text, /well\.ts|Redis|Postgres/)
})
