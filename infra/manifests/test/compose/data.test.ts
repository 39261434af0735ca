import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort, needsTools, startPostgres, untilTrue } from '@botyard/testkit'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import { infraFolder, readCompose } from '../../src/read-compose.ts'
import { makeSecrets } from './made-secrets.ts'

const { services } = readCompose()

for (const [name, secret] of [
  ['redis', 'redis_url'],
  ['cache', 'cache_redis_url'],
] as const) {
  test(
    `${name} starts by its command with the ACL that was made; the apps' url and the health check fit it`,
    needsTools('openssl', 'redis-server', 'redis-cli'),
    async t => {
      const { folder } = makeSecrets(t)
      const data = mkdtempSync(join(tmpdir(), 'botyard-compose-redis-'))
      t.after(() => rmSync(data, { recursive: true, force: true }))
      const port = String(await freePort())
      const [program, ...said] = services[name]!.command!
      const args = said.map(word => word.replace('/run/secrets', folder))

      const server = spawn(program!, [...args, '--port', port, '--bind', '127.0.0.1', '--dir', data])
      t.after(async () => {
        server.kill('SIGTERM')
        if (server.exitCode === null) await once(server, 'exit')
      })
      const [, check = ''] = services[name]!.healthcheck!.test!
      const here = check.replace('redis-cli ', `redis-cli -p ${port} `)
      await untilTrue(async () => {
        execFileSync('sh', ['-c', here], { stdio: 'pipe' })
        return true
      }, 'the health check')

      const url = readFileSync(join(folder, secret), 'utf8').trim()
      assert.equal(new URL(url).hostname, name)
      const client = new Redis(url.replace(`@${name}:6379`, `@127.0.0.1:${port}`))
      t.after(() => client.disconnect())
      const [, fsync] = (await client.config('GET', 'appendonly')) as string[]
      const [, policy] = (await client.config('GET', 'maxmemory-policy')) as string[]
      assert.deepEqual([fsync, policy], name === 'redis' ? ['yes', 'noeviction'] : ['no', 'volatile-lru'])
      await assert.rejects(client.config('SET', 'maxmemory', '1gb'), /NOPERM/)
      const operatorUrl = readFileSync(join(folder, 'redis_operator_url'), 'utf8').trim()
      const operator = new Redis(operatorUrl.replace(':6379', `:${port}`))
      t.after(() => operator.disconnect())
      assert.equal(await operator.config('SET', 'maxmemory', '1gb'), 'OK')
    },
  )
}

test(
  'the databases get a role that owns its database and is no superuser, by the password that was made',
  needsTools('openssl', 'psql'),
  async t => {
    const { folder } = makeSecrets(t)
    const postgres = await startPostgres()
    t.after(() => postgres.stop())
    const script = readFileSync(join(infraFolder, 'compose/postgres/10-botyard.sql'), 'utf8')
    const file = join(folder, 'init.sql')
    writeFileSync(file, script.replaceAll('/run/secrets', folder))
    const superuser = new URL(postgres.url)

    execFileSync('psql', ['-X', '-v', 'ON_ERROR_STOP=1', '-f', file, postgres.url], { stdio: 'pipe' })

    const url = new URL(readFileSync(join(folder, 'control_database_url'), 'utf8').trim())
    const client = new Client(url.href.replace('control:5432', superuser.host))
    await client.connect()
    const { rows } = await client
      .query(
        `select rolsuper, rolreplication, pg_get_userbyid(datdba) as owner,
              has_parameter_privilege('session_replication_role', 'set') as triggers,
              pg_has_role('pg_create_subscription', 'usage') as subscribes
         from pg_roles, pg_database where rolname = current_user and datname = current_database()`,
      )
      .finally(() => client.end())

    const rights = { rolreplication: true, triggers: true, subscribes: true }
    assert.deepEqual(rows, [{ rolsuper: false, owner: 'botyard', ...rights }])
  },
)
