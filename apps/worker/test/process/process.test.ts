import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { createBotStore, createControlDatabase, migrateControl } from '@botyard/control-database'
import { createKeyring } from '@botyard/service-kit'
import { createLatch, freePort, startPostgres } from '@botyard/testkit'
import { pino } from 'pino'
import { botOfSettings, rig, until } from '../helper.ts'
import { type ProcessSurroundings, startWorkerServer } from './worker-processes.ts'

const logger = pino({ level: 'silent' })

test('after ready nothing is read or written synchronously, whatever is handled', async t => {
  const namingKey = randomBytes(32)
  const { server, api, deliver, key } = await rig(t, { echo: {} }, { namingKey })
  const databaseUrl = await startDatabase(t, key, api.url)
  const surroundings = { redisUrl: server.url, databaseUrl, key, namingKey }
  const { child, get } = await startChild(t, surroundings, ['--trace-sync-io'])
  await child.waitForLine('"msg":"ready"')
  // A call and its answer later all that was printed before ready has arrived: traces and log come through
  // two pipes.
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
  const statuses = await Promise.all(
    ['/live', '/ready', '/metrics'].map(async path => (await get(path)).status),
  )

  assert.deepEqual(statuses, [200, 200, 200])
  const printed = child.lines.slice(readyAt).filter(line => !line.startsWith('{'))
  // Each trace begins with its warning. Node counts hkdfSync as I/O, but it only computes, once per key and
  // sealing process.
  const traces = printed.join('\n').split(/(?=\(node:\d+\) WARNING)/)
  assert.deepEqual(
    traces.filter(trace => trace !== '' && !trace.includes('at hkdfSync')),
    [],
  )
  const { code } = await child.kill('SIGTERM')
  assert.equal(code, 0)
})

test('told to end, it is not ready at once and lives on until the reply under way is sent', async t => {
  const namingKey = randomBytes(32)
  const { server, api, deliver, key } = await rig(t, { echo: {} }, { namingKey })
  const databaseUrl = await startDatabase(t, key, api.url)
  const { child, get } = await startChild(t, {
    redisUrl: server.url,
    databaseUrl,
    key,
    namingKey,
  })
  await child.waitForLine('"msg":"ready"')
  const gate = createLatch<undefined>()
  api.answer(() => gate.wait())

  await deliver(1, 'a')
  await until(() => api.calls.length === 1)
  const ended = child.kill('SIGTERM')
  await child.waitForLine('"msg":"closing"')
  await until(async () => (await get('/ready')).status === 503)
  const { checks } = (await (await get('/ready')).json()) as { checks: Record<string, boolean> }
  const live = (await get('/live')).status
  gate.open(undefined)

  assert.deepEqual(await ended, { code: 0, signal: null })
  assert.deepEqual([live, checks.working, checks.redis], [200, false, true])
  assert.deepEqual(api.textsOf(1), ['a'])
})

test('told to end while it waits for its databases, it ends at once', async t => {
  const { child, get } = await startChild(t, {
    redisUrl: 'redis://127.0.0.1:1',
    databaseUrl: 'postgres://postgres@127.0.0.1:1/away',
    key: randomBytes(32).toString('base64'),
    namingKey: randomBytes(32),
  })
  await child.waitForLine('control database is away')
  const answers = [(await get('/live')).status, (await get('/ready')).status]

  assert.deepEqual(await child.kill('SIGTERM'), { code: 0, signal: null })
  assert.deepEqual(answers, [200, 503])
  assert.ok(!child.lines.some(line => line.includes('cannot start')))
})

test('a worker that takes none of the mail that waits is not ready, says so, and is again when it takes it', async t => {
  const namingKey = randomBytes(32)
  const { server, api, deliver, key, tokens, redis } = await rig(t, { echo: {} }, { namingKey })
  const databaseUrl = await startDatabase(t, key, api.url)
  const surroundings = {
    redisUrl: server.url,
    databaseUrl,
    key,
    namingKey,
    stalledAfterSeconds: 1,
  }
  const { child, get } = await startChild(t, surroundings)
  await child.waitForLine('"msg":"ready"')
  // BullMQ hands no token out: what anybody with its tools can do, and what a fetch that hangs looks like.
  // Nor does the sweeper look, as if another process had its lock and were stuck.
  await redis.hset('{p0}:inbox:meta', 'paused', 1)
  await redis.set('{p0}:sweeper', 'stuck')

  await deliver(1, 'hello')
  await child.waitForLine('mail waits and this worker takes none')
  const stalled = await get('/ready')
  const page = await (await get('/metrics')).text()
  await redis.hdel('{p0}:inbox:meta', 'paused')
  await redis.del('{p0}:sweeper')
  await tokens.add(0, 'inbox')
  await child.waitForLine('this worker takes mail again')
  const again = await get('/ready')

  assert.equal(stalled.status, 503)
  assert.equal(((await stalled.json()) as { checks: { progress: boolean } }).checks.progress, false)
  assert.match(page, /^botyard_worker_stalled\{.*box="inbox".*\} 1$/m)
  assert.equal(again.status, 200)
  await until(() => api.sent.length === 1)
})

/** A control database that has the bot. */
async function startDatabase(t: TestContext, key: string, apiUrl: string): Promise<string> {
  const postgres = await startPostgres()
  t.after(() => postgres.stop())
  await addBot(postgres.url, key, apiUrl)
  return postgres.url
}

async function addBot(databaseUrl: string, key: string, apiUrl: string): Promise<void> {
  const db = createControlDatabase({ url: databaseUrl, poolSize: 1, logger })
  await migrateControl(db, logger)
  const keyring = createKeyring({ active: 'k1', keys: { k1: key } })
  await createBotStore(db, keyring).insert(botOfSettings('echo', apiUrl, { tries: 1 }))
  await db.destroy()
}

async function startChild(
  t: TestContext,
  surroundings: ProcessSurroundings,
  nodeOptions: readonly string[] = [],
) {
  const opsPort = await freePort()
  const child = await startWorkerServer(t, surroundings, opsPort, nodeOptions)
  return { child, get: (path: string) => fetch(`http://127.0.0.1:${opsPort}${path}`) }
}
