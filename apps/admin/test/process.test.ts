import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createKeyring } from '@botyard/service-kit'
import {
  freePort,
  startPostgres,
  startProcess,
  startRedis,
  type TestPostgres,
  type TestRedis,
} from '@botyard/testkit'
import { Redis } from 'ioredis'
import { signToken } from '../src/sign-token.ts'
import { telegramCredentials } from './helper.ts'

let postgres: TestPostgres
let redis: TestRedis
before(async () => {
  ;[postgres, redis] = await Promise.all([startPostgres(), startRedis()])
})
after(() => Promise.all([postgres.stop(), redis.stop()]))

const file = (name: string) => fileURLToPath(new URL(`../src/${name}.ts`, import.meta.url))
const keySet = (id: string) =>
  JSON.stringify({ active: id, keys: { [id]: randomBytes(32).toString('base64') } })

test('migrated, started, used with an issued token and stopped by SIGTERM, as one would', async t => {
  const env = await environment()
  const start = (name: string, args: string[] = []) => run(t, name, env, args)
  assert.equal((await (await start('migrate')).exited).code, 0)
  const issued = await start('issue-token', ['--role', 'owner', '--hours', '1', '--subject', 'local'])
  assert.equal((await issued.exited).code, 0)
  const headers = { authorization: `Bearer ${issued.lines[0]}`, 'content-type': 'application/json' }

  const server = await start('server')
  const ready = JSON.parse(await server.waitForLine('"msg":"ready"'))

  const url = `http://127.0.0.1:${env.ADMIN_PORT}/api/v1`
  assert.deepEqual([ready.port, ready.opsPort], [Number(env.ADMIN_PORT), Number(env.ADMIN_OPS_PORT)])
  assert.deepEqual(await (await fetch(`${url}/bots`, { headers })).json(), { bots: [] })
  const body = JSON.stringify({
    id: 'shop',
    platform: 'telegram',
    handler: 'echo',
    credentials: telegramCredentials,
  })
  const refused = await fetch(`${url}/bots`, { method: 'POST', headers, body })
  assert.equal(((await refused.json()) as { error: { code: string } }).error.code, 'ADM_UNKNOWN_HANDLER')
  const ops = `http://127.0.0.1:${env.ADMIN_OPS_PORT}`
  assert.deepEqual(await (await fetch(`${ops}/ready`)).json(), {
    ready: true,
    checks: { listening: true, database: true, redis: true },
  })
  const metrics = await (await fetch(`${ops}/metrics`)).text()
  assert.match(metrics, /botyard_admin_request_seconds_count\{.*route="\/api\/v1\/bots",status="400"/)

  assert.deepEqual(await server.kill('SIGTERM'), { code: 0, signal: null })
  assert.ok(!server.lines.some(line => line.includes(telegramCredentials.token)))
})

test('sessions are counted on CACHE_REDIS_URL, where the workers keep them', async t => {
  const jwtKeys = { active: 'a1', keys: { a1: randomBytes(32).toString('base64') } }
  const cacheUrl = `${redis.url}/1`
  const env = { ...(await environment()), JWT_KEYS: JSON.stringify(jwtKeys) }
  const cache = new Redis(cacheUrl)
  t.after(() => cache.disconnect())
  const worker = createKeyring(JSON.parse(env.KEYRING))
  await cache.set('botyard:session:name', worker.seal(Buffer.from('session'), 'context'))
  await (await run(t, 'migrate', env)).exited
  const server = await run(t, 'server', { ...env, CACHE_REDIS_URL: cacheUrl })
  await server.waitForLine('"msg":"ready"')

  const token = signToken(jwtKeys, { subject: 'alice', role: 'viewer', hours: 1 })
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`http://127.0.0.1:${env.ADMIN_PORT}/api/v1/keys/k1/retirement`, { headers })
  const { needs } = (await answer.json()) as { needs: Record<string, number> }

  assert.equal(needs['redis.sessions'], 1)
  assert.deepEqual(await server.kill('SIGTERM'), { code: 0, signal: null })
})

test('the keys of tokens and of everything encrypted are exchanged while it runs', async t => {
  const dir = mkdtempSync(join(tmpdir(), 'botyard-admin-'))
  t.after(() => rm(dir, { recursive: true }))
  const [a1, a2, k1, k2] = Array.from({ length: 4 }, () => randomBytes(32).toString('base64')) as [
    string,
    ...string[],
  ]
  const write = (name: string, keys: object) => writeFile(join(dir, name), JSON.stringify(keys))
  await write('jwt', { active: 'a1', keys: { a1 } })
  await write('keyring', { active: 'k1', keys: { k1 } })
  const files = { JWT_KEYS_FILE: join(dir, 'jwt'), KEYRING_FILE: join(dir, 'keyring') }
  const base = await environment()
  const env = { ...base, JWT_KEYS: undefined, KEYRING: undefined, ...files }
  await (await run(t, 'migrate', env)).exited
  const server = await run(t, 'server', env)
  await server.waitForLine('"msg":"ready"')
  const statusOf = async (active: string, keys: Record<string, string>) => {
    const token = signToken({ active, keys }, { subject: 'alice', role: 'viewer', hours: 1 })
    const headers = { authorization: `Bearer ${token}` }
    return (await fetch(`http://127.0.0.1:${base.ADMIN_PORT}/api/v1/bots`, { headers })).status
  }
  const young = { a2: a2! }
  assert.deepEqual([await statusOf('a1', { a1 }), await statusOf('a2', young)], [200, 401])

  await write('jwt', { active: 'a2', keys: { a1, a2 } })
  await server.waitForLine(
    /"variable":"JWT_KEYS","active":"a2","added":"a2","removed":"".*security\.key_changed/,
  )
  const between = [await statusOf('a1', { a1 }), await statusOf('a2', young)]
  await write('jwt', { active: 'a2', keys: { a2 } })
  await server.waitForLine(/"variable":"JWT_KEYS".*"removed":"a1".*security\.key_changed/)
  const after = [await statusOf('a1', { a1 }), await statusOf('a2', young)]
  await write('jwt', { active: 'a2', keys: { a2: a1 } })
  await server.waitForLine(/KEY_REUSED.*secret file cannot be used/)
  await write('keyring', { active: 'k2', keys: { k1, k2 } })
  await server.waitForLine(/"variable":"KEYRING","active":"k2","added":"k2".*security\.key_changed/)

  assert.deepEqual(
    [between, after],
    [
      [200, 200],
      [401, 200],
    ],
  )
  assert.equal(await statusOf('a2', young), 200)
  assert.deepEqual(await server.kill('SIGTERM'), { code: 0, signal: null })
})

test('it does not start on a database that is not migrated, and says what to run', async t => {
  const server = await run(t, 'server', await environment())

  assert.deepEqual(await server.exited, { code: 1, signal: null })
  assert.match(
    server.lines.join('\n'),
    /run the migrations.*CTL_SCHEMA_TOO_OLD|CTL_SCHEMA_TOO_OLD.*run the migrations/,
  )
})

test('shards are registered and migrated, and get the key space; one that is away fails alone, and a repeat mends it', async t => {
  const env = await environment()
  const [one, two] = [await postgres.createDatabase(), await postgres.createDatabase()]
  const migrate = async (shards: object, args: string[] = []) => {
    const child = await run(t, 'migrate', { ...env, SHARDS: JSON.stringify(shards) }, args)
    const { code } = await child.exited
    const lines = child.lines.map(line => JSON.parse(line) as { msg: string; shard?: string; map?: number })
    return {
      code,
      of: (shard: string) => lines.filter(line => line.shard === shard).map(line => line.msg),
      lines,
    }
  }
  const away = { id: 'east', hosts: ['postgres://postgres@127.0.0.1:1/none'] }
  const west = { id: 'west', hosts: [two] }

  const dry = await migrate([{ ...away, hosts: [one] }, west], ['--dry-run'])
  assert.deepEqual([dry.code, dry.of('east').at(-1)], [0, 'shard has pending migrations'])
  const half = await migrate([away, west])
  assert.equal(half.code, 1)
  assert.deepEqual([half.of('east').at(-1), half.of('west').at(-1)], ['shard not migrated', 'shard migrated'])
  assert.ok(!half.lines.some(line => line.msg === 'first shard map created'))
  const whole = await migrate([{ ...away, hosts: [one] }, west])
  assert.equal(whole.code, 0)
  assert.ok(whole.of('east').includes('shard migrated') && whole.of('west').includes('shard is up to date'))
  assert.ok(whole.lines.some(line => line.msg === 'first shard map created'))
  const again = await migrate([{ ...away, hosts: [one] }, west])
  assert.deepEqual([again.code, again.lines.filter(line => line.map !== undefined)], [0, []])
})

test('a token for no role is not issued', async t => {
  const issued = await run(t, 'issue-token', await environment(), ['--role', 'root'])

  assert.equal((await issued.exited).code, 1)
  assert.match(issued.lines.join('\n'), /--role must be one of viewer, operator, owner/)
})

async function environment() {
  return {
    ADMIN_HOST: '127.0.0.1',
    ADMIN_PORT: String(await freePort()),
    ADMIN_OPS_PORT: String(await freePort()),
    CONTROL_DATABASE_URL: await postgres.createDatabase(),
    JWT_KEYS: keySet('a1'),
    KEYRING: keySet('k1'),
    PUBLIC_URL: 'https://bots.example.com',
    REDIS_URL: redis.url,
  }
}

async function run(
  t: TestContext,
  name: string,
  env: Record<string, string | undefined>,
  args: string[] = [],
) {
  const child = await startProcess(file(name), { env, args })
  t.after(() => child.kill())
  return child
}
