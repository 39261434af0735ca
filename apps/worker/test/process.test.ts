import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createBotStore, createControlDatabase, migrateControl } from '@botyard/control-database'
import { createKeyring } from '@botyard/service-kit'
import { freePort, startPostgres, startProcess } from '@botyard/testkit'
import { pino } from 'pino'
import { exampleBots } from './examples/example-bots.ts'
import { botOfSettings, rig, until } from './helper.ts'

const logger = pino({ level: 'silent' })

test('after ready nothing is read or written synchronously, whatever is handled', async t => {
  const namingKey = randomBytes(32)
  const { server, api, deliver, key } = await rig(t, { echo: {} }, { namingKey })
  const postgres = await startPostgres()
  t.after(() => postgres.stop())
  const keys = { active: 'k1', keys: { k1: key } }
  const db = createControlDatabase({ url: postgres.url, poolSize: 1, logger })
  await migrateControl(db, logger)
  await createBotStore(db, createKeyring(keys)).insert(botOfSettings('echo', api.url, { tries: 1 }))
  await db.destroy()
  const opsPort = await freePort()
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${opsPort}${path}`)).status
  const child = await startProcess(new URL('../src/server.ts', import.meta.url).pathname, {
    nodeOptions: ['--trace-sync-io'],
    env: {
      WORKER_OPS_HOST: '127.0.0.1',
      WORKER_OPS_PORT: String(opsPort),
      REDIS_URL: server.url,
      CONTROL_DATABASE_URL: postgres.url,
      KEYRING: JSON.stringify(keys),
      NAMING_KEY: namingKey.toString('base64'),
      ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
      BOTS_DIR: exampleBots,
      DURABILITY: 'relaxed',
    },
  })
  t.after(() => child.kill())
  await child.waitForLine('"msg":"ready"')
  // A call and its answer later all that was printed before ready has arrived: traces and log come through two pipes.
  await get('/live')
  const readyAt = child.lines.length
  let refused = 0
  api.answer(({ text }) => {
    if (text.endsWith('bad')) return { status: 403 }
    return text.endsWith('late') && refused++ === 0 ? { status: 502 } : undefined
  })

  for (const text of ['a', 'bad', 'late', 'b']) for (const chat of [1, 2, 3]) await deliver(chat, text)
  await deliver(4, 'of nobody', { bot: 'unknown' })
  await until(() => api.sent.length === 9)
  await server.restart()
  await deliver(1, 'after the outage')
  await until(() => api.sent.length === 10)
  const statuses = await Promise.all(['/live', '/ready', '/metrics'].map(get))

  assert.deepEqual(statuses, [200, 200, 200])
  const printed = child.lines.slice(readyAt).filter(line => !line.startsWith('{'))
  // Each trace begins with its warning. Node counts hkdfSync as I/O, but it only computes, once per key and sealing process.
  const traces = printed.join('\n').split(/(?=\(node:\d+\) WARNING)/)
  assert.deepEqual(
    traces.filter(trace => trace !== '' && !trace.includes('at hkdfSync')),
    [],
  )
  const { code } = await child.kill('SIGTERM')
  assert.equal(code, 0)
})
