import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startProcess } from '@botyard/testkit'
import { Client } from 'pg'
import { repository } from '../src/config.ts'
import { identityOf } from '../src/processes/process-identity.ts'
import { runToEnd } from '../src/processes/run-to-end.ts'
import type { RunFile } from '../src/state/run-file.ts'
import { allEnded, pidsOf, stackPlace } from './start-stack.ts'

/** The last line of the ready screen. */
const ready = 'Ctrl-C stops everything'

test('a stack starts from nothing, tells tools how to reach it, mends itself, and leaves no process behind', async t => {
  const place = await stackPlace(t)
  const stack = await place.start([], { SHOP_KEY: "a bot's own" })
  await stack.waitForLine(ready)
  const first = place.run()

  await t.test('run.json has the agreed shape and is readable by its owner alone', () => {
    assert.equal(place.runMode(), '600')
    assert.deepEqual(Object.keys(first), [
      ...[
        'gatewayUrl',
        'adminUrl',
        'adminToken',
        'opsUrls',
        'redisUrl',
        'controlDatabaseUrl',
        'shardDatabaseUrls',
      ],
      'pids',
    ])
    assert.equal(first.gatewayUrl, `http://127.0.0.1:${place.env.GATEWAY_PORT}`)
    assert.deepEqual(Object.keys(first.opsUrls), ['gateway', 'worker', 'admin'])
    assert.equal(first.shardDatabaseUrls.length, 2)
    assert.equal(pidsOf(first).length, 7)
    for (const pid of pidsOf(first)) assert.ok(identityOf(pid), `${pid} runs`)
  })

  await t.test('the printed curl line works as pasted, and the reply appears in the terminal', async () => {
    const curl = stack.lines.find(line => line.startsWith('curl '))!

    const { code, output } = await runToEnd('sh', ['-c', `${curl} -f`])

    assert.equal(code, 0, output)
    await stack.waitForLine('reply to chat 42: hello')
  })

  await t.test('the admin token is an owner’s', async () => {
    const headers = { authorization: `Bearer ${first.adminToken}` }

    const { status } = await fetch(`${first.adminUrl}/api/v1/audit-log`, { headers })

    assert.equal(status, 200)
  })

  await t.test(
    'each app has its own settings and secrets in its environment, and only a worker what bots brought',
    t => {
      if (process.platform !== 'linux') return t.skip('only Linux tells the environment of a process')
      const has = (app: 'gateway' | 'worker' | 'admin') => variablesOf(first.pids[app] as number)
      const secret = (name: string) =>
        /KEY|SECRET|TOKEN|PASSWORD|SHARDS|_URL/.test(name) && !/^(NODE_|npm_)/.test(name)

      const shared = ['CONTROL_DATABASE_URL', 'KEYRING_FILE', 'REDIS_URL']
      assert.deepEqual(has('gateway').filter(secret), [...shared, 'NAMING_KEY_FILE', 'PUBLIC_URL'].sort())
      assert.deepEqual(has('worker').filter(secret).filter(isOurs), [...shared, 'NAMING_KEY_FILE'].sort())
      assert.deepEqual(has('admin').filter(secret), [...shared, 'JWT_KEYS_FILE', 'PUBLIC_URL'].sort())
      assert.ok(has('worker').includes('SHOP_KEY'))
      for (const app of ['gateway', 'worker', 'admin'] as const) {
        const documented = variablesIn(`apps/${app === 'gateway' ? 'ingest-gateway' : app}`)
        assert.deepEqual(
          has(app).filter(name => isOurs(name) && !documented.has(name.replace(/_FILE$/, ''))),
          [],
          `${app} has nothing of another program`,
        )
      }
    },
  )

  await t.test(
    'the apps are a plain role of their databases, whose tables are its own, and may move users',
    async () => {
      const urls = [first.controlDatabaseUrl, ...first.shardDatabaseUrls]

      const roles = await Promise.all(
        urls.map(url =>
          query(
            url,
            `select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls as mighty, rolreplication as replicates,
             (select count(*)::int from pg_tables where schemaname = 'public' and tableowner <> current_user) as others
             from pg_roles where rolname = current_user`,
          ),
        ),
      )

      const shard = { mighty: false, replicates: true, others: 0 }
      assert.deepEqual(roles.flat(), [{ ...shard, replicates: false }, shard, shard])
      const moved = { source: 'shard-1', target: 'shard-2', split: true }
      const asked = await admin(first, 'POST', '/api/v1/shards/moves', moved)
      assert.equal(asked.status, 202, await asked.clone().text())
      const { id } = (await asked.json()) as { id: string }
      let move: { state: string; error?: string }
      do {
        // Well below the limit of the admin API.
        await sleep(200)
        move = (await (await admin(first, 'GET', `/api/v1/shards/moves/${id}`)).json()) as typeof move
        assert.ok(!/failed|cancelled|undo/.test(move.state), JSON.stringify(move))
      } while (move.state !== 'done')
    },
  )

  await t.test('a second start in the same folder is refused in a sentence', async () => {
    const second = await place.start()

    assert.deepEqual(await second.exited, { code: 1, signal: null })
    const text = second.lines.join('\n')
    assert.match(text, new RegExp(`runs here already: pid ${stack.pid}, gateway ${first.gatewayUrl}`))
    assert.doesNotMatch(text, /\n\s+at /)
    assert.deepEqual(place.run(), first)
  })

  for (const name of ['worker', 'redis'] as const) {
    await t.test(`a killed ${name} is started again, said so, and run.json has its new pid`, async () => {
      const killed = place.run().pids[name] as number

      process.kill(killed, 'SIGKILL')

      const line = await stack.waitForLine(new RegExp(`${name} is back \\(pid \\d+\\)`))
      assert.ok(stack.lines.some(said => said.includes(`${name} crashed (SIGKILL)`)))
      const { pids } = place.run()
      assert.notEqual(pids[name], killed)
      assert.ok(line.includes(`pid ${pids[name]}`))
      assert.equal(place.runMode(), '600')
    })
  }

  await t.test(
    'an app that ends as it was asked to has ended, not crashed, and is started again',
    async () => {
      process.kill(place.run().pids.admin as number, 'SIGTERM')

      await stack.waitForLine('admin ended (exit code 0), starting it again')
      await stack.waitForLine(/admin is back \(pid \d+\)/)
    },
  )

  await t.test('npm run status shows the backlog', async () => {
    const file = join(import.meta.dirname, '..', 'src', 'commands', 'status.ts')

    const status = await startProcess(file, { env: place.env })

    assert.deepEqual(await status.exited, { code: 0, signal: null }, status.lines.join('\n'))
    assert.match(status.lines.join('\n'), /● gateway.*● worker.*● admin[\s\S]*backlog +\d+ updates/)
  })

  await t.test('SIGTERM ends every process and removes run.json', async () => {
    const pids = pidsOf(place.run())

    assert.deepEqual(await stack.kill('SIGTERM'), { code: 0, signal: null })

    for (const pid of pids) assert.equal(identityOf(pid), undefined, `${pid} is gone`)
    assert.equal(existsSync(join(place.dir, 'run.json')), false)
    assert.equal(existsSync(join(place.dir, 'supervisor.json')), false)
  })
})

test('data outlives a kill -9 of the supervisor, whose processes end by themselves, and not a reset', async t => {
  const place = await stackPlace(t)
  const killed = await place.start()
  await killed.waitForLine(ready)
  const before = place.run()
  await query(before.shardDatabaseUrls[0]!, 'create table kept as select 1 as one')

  await killed.kill('SIGKILL')
  await allEnded(pidsOf(before))
  const again = await place.start()
  await again.waitForLine(ready)

  assert.equal((await query(place.run().shardDatabaseUrls[0]!, 'select one from kept')).length, 1)

  await again.kill('SIGTERM')
  const anew = await place.start(['--reset'])
  await anew.waitForLine(ready)

  await assert.rejects(query(place.run().shardDatabaseUrls[0]!, 'select one from kept'), /does not exist/)
})

/** All that docs/configuration.md lists, or what it lists of one program. */
function variablesIn(section?: string): Set<string> {
  const page = readFileSync(join(repository, 'docs/configuration.md'), 'utf8')
  const text =
    section === undefined ? page : page.split('\n## ').find(part => part.startsWith(`${section}\n`))!
  return new Set([...text.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name!))
}

function isOurs(name: string): boolean {
  const all = variablesIn()
  return all.has(name) || all.has(name.replace(/_FILE$/, ''))
}

function variablesOf(pid: number): string[] {
  const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean)
  return entries.map(entry => entry.slice(0, entry.indexOf('='))).sort()
}

async function admin(run: RunFile, method: string, path: string, body?: object): Promise<Response> {
  return await fetch(`${run.adminUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${run.adminToken}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
