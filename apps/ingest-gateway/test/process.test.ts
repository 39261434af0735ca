import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { createBotStore, createControlDatabase, migrateControl } from '@botyard/control-database'
import { createKeyring } from '@botyard/service-kit'
import {
  freePort,
  type StartProcessOptions,
  startPostgres,
  startProcess,
  startRedis,
  type TestPostgres,
  type TestProcess,
  until,
} from '@botyard/testkit'
import { pino } from 'pino'
import { bots, telegramCall } from './helper.ts'

const keys = { active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }
const silent = pino({ level: 'silent' })
let postgres: TestPostgres

before(async () => {
  postgres = await startPostgres()
  const db = createControlDatabase({ url: postgres.url, poolSize: 1, logger: silent })
  await migrateControl(db, silent)
  await createBotStore(db, createKeyring(keys)).insert(bots.echo)
  await db.destroy()
})
after(() => postgres.stop())

interface Gateway {
  readonly child: TestProcess
  readonly port: number
  readonly opsPort: number
}

async function startGateway(
  t: { after(hook: () => unknown): void },
  env: {
    REDIS_URL: string
    CONTROL_DATABASE_URL?: string
    LOG_LEVEL?: string
    KEYRING?: undefined
    KEYRING_FILE?: string
  },
  options: StartProcessOptions = {},
): Promise<Gateway> {
  const [port, opsPort] = [await freePort(), await freePort()]
  const child = await startProcess(new URL('../src/server.ts', import.meta.url).pathname, {
    ...options,
    env: {
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      GATEWAY_OPS_PORT: String(opsPort),
      PUBLIC_URL: 'https://bots.example.com',
      KEYRING: JSON.stringify(keys),
      NAMING_KEY: randomBytes(32).toString('base64'),
      CONTROL_DATABASE_URL: postgres.url,
      DURABILITY: 'relaxed',
      ...env,
    },
  })
  t.after(() => child.kill())
  return { child, port, opsPort }
}

const agent = new Agent({ keepAlive: true })
after(() => agent.destroy())

/** One call over a connection kept alive; the status, or the error's code if there was no answer. */
function call(port: number, updateId: number): Promise<number | string> {
  const { url, headers, payload, method } = telegramCall(updateId)
  return new Promise(resolve => {
    const outgoing = request({ port, path: url, host: '127.0.0.1', method, headers, agent }, answer => {
      answer.resume().on('end', () => resolve(answer.statusCode!))
    })
    outgoing.on('error', error => resolve((error as NodeJS.ErrnoException).code!)).end(payload)
  })
}

async function ops(port: number, path: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`)
  await answer.text()
  return answer.status
}

test('after ready nothing is read or written synchronously, whatever is called', async t => {
  const redis = await startRedis()
  t.after(() => redis.stop())
  const file = join(mkdtempSync(join(tmpdir(), 'botyard-keys-')), 'KEYRING')
  t.after(() => rm(dirname(file), { recursive: true }))
  await writeFile(file, JSON.stringify(keys))
  const env = { REDIS_URL: redis.url, KEYRING: undefined, KEYRING_FILE: file }
  const { child, port, opsPort } = await startGateway(t, env, { nodeOptions: ['--trace-sync-io'] })
  await child.waitForLine('"msg":"ready"')
  // A call and its answer later all that was printed before ready has arrived: traces and log come through
  // two pipes.
  await ops(opsPort, '/live')
  const readyAt = child.lines.length

  for (let i = 0; i < 20; i++) assert.equal(await call(port, i), 200)
  const wrong = telegramCall(1, 'x', { 'x-telegram-bot-api-secret-token': 'no' })
  await fetch(`http://127.0.0.1:${port}${wrong.url}`, {
    method: 'POST',
    headers: wrong.headers,
    body: wrong.payload,
  })
  await fetch(`http://127.0.0.1:${port}/nowhere`)
  await fetch(`http://127.0.0.1:${port}/hooks/telegram/echo`, { method: 'POST', body: '{' })
  await redis.restart()
  await until(async () => (await call(port, 99)) === 200)
  for (const path of ['/live', '/ready', '/metrics']) assert.equal(await ops(opsPort, path), 200)
  await writeFile(
    file,
    JSON.stringify({ active: 'k2', keys: { ...keys.keys, k2: randomBytes(32).toString('base64') } }),
  )
  await child.waitForLine(/"active":"k2","added":"k2".*"msg":"security.key_changed"/)
  assert.equal(await call(port, 100), 200)

  const printed = child.lines.slice(readyAt).filter(line => !line.startsWith('{'))
  // Each trace begins with its warning. Node counts these two as I/O, but they only compute, once per key.
  const traces = printed.join('\n').split(/(?=\(node:\d+\) WARNING)/)
  assert.deepEqual(
    traces.filter(trace => trace !== '' && !/at (hkdfSync|randomFillSync)/.test(trace)),
    [],
  )
})

test('SIGTERM under load fails no call but those that find the listener closed', async t => {
  const redis = await startRedis()
  t.after(() => redis.stop())
  const { child, port } = await startGateway(t, { REDIS_URL: redis.url, LOG_LEVEL: 'debug' })
  await child.waitForLine('"msg":"ready"')
  const seen = new Map<number | string, number>()
  let updateId = 0
  const caller = async () => {
    for (;;) {
      const outcome = await call(port, updateId++)
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
      if (outcome === 'ECONNREFUSED') return
    }
  }

  const callers = Array.from({ length: 16 }, caller)
  await until(async () => (seen.get(200) ?? 0) > 500)
  const { code } = await child.kill('SIGTERM')
  await Promise.all(callers)

  assert.deepEqual([...seen.keys()].sort(), [200, 'ECONNREFUSED'])
  assert.equal(code, 0)
  const accepted = child.lines.filter(line => line.includes('"msg":"update accepted"')).length
  assert.equal(accepted, seen.get(200))
})

test('with Redis away at boot it serves 503, and 200 when Redis comes', async t => {
  const redisPort = await freePort()
  const { child, port, opsPort } = await startGateway(t, { REDIS_URL: `redis://127.0.0.1:${redisPort}` })
  await child.waitForLine('"msg":"ready"')

  const away = [await call(port, 1), await ops(opsPort, '/live'), await ops(opsPort, '/ready')]
  const redis = await startRedis({ port: redisPort })
  t.after(() => redis.stop())
  await until(async () => (await call(port, 1)) === 200)

  assert.deepEqual(away, [503, 200, 503])
  // Each of its connections comes back on its own.
  await until(async () => (await ops(opsPort, '/ready')) === 200)
})

test('with Postgres away at boot it lives, is not ready, and serves when Postgres comes', async t => {
  const redis = await startRedis()
  t.after(() => redis.stop())
  const doorPort = await freePort()
  const url = new URL(postgres.url)
  const { child, port, opsPort } = await startGateway(t, {
    REDIS_URL: redis.url,
    CONTROL_DATABASE_URL: postgres.url.replace(`:${url.port}/`, `:${doorPort}/`),
  })
  await child.waitForLine('control database is away')

  const away = [await call(port, 1), await ops(opsPort, '/live'), await ops(opsPort, '/ready')]
  const door = createServer(socket => {
    const behind = connect(Number(url.port), '127.0.0.1')
    socket.pipe(behind).pipe(socket)
    for (const end of [socket, behind]) end.on('error', () => socket.destroy(behind.destroy() as never))
  }).listen(doorPort, '127.0.0.1')
  await once(door, 'listening')
  await child.waitForLine('"msg":"ready"')

  assert.deepEqual(away, ['ECONNREFUSED', 200, 503])
  assert.equal(await call(port, 1), 200)
  await child.kill('SIGTERM')
  door.close()
})

test('a control database without its schema is refused with a word on what to do', async t => {
  const empty = await startPostgres()
  t.after(() => empty.stop())
  const { child } = await startGateway(t, {
    REDIS_URL: 'redis://127.0.0.1:1',
    CONTROL_DATABASE_URL: empty.url,
  })

  const { code } = await child.exited

  assert.equal(code, 1)
  assert.ok(
    child.lines.some(line => line.includes('CTL_SCHEMA_TOO_OLD') && line.includes('run the migrations')),
  )
})

test('a configuration with faults lists all of them and ends', async t => {
  const { child } = await startGateway(t, { REDIS_URL: 'nonsense', CONTROL_DATABASE_URL: 'nonsense' })

  const { code } = await child.exited

  assert.equal(code, 78)
  const output = child.lines.join('\n')
  assert.ok(output.includes('REDIS_URL') && output.includes('CONTROL_DATABASE_URL'), output)
})
