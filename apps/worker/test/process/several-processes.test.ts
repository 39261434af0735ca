import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createBotStore, createControlDatabase, migrateControl } from '@botyard/control-database'
import { createKeyring } from '@botyard/service-kit'
import { createLatch, freePort, startPostgres } from '@botyard/testkit'
import { pino } from 'pino'
import { botOfSettings, rig, until } from '../helper.ts'
import { startWorkerServer } from './worker-processes.ts'

const logger = pino({ level: 'silent' })
const twoProcesses = { PROCESSES: '2' }

test('two processes share the work, survive a crash and a reload, and tell the backlog once', async t => {
  const namingKey = randomBytes(32)
  const { server, api, deliver, key } = await rig(t, { echo: {} }, { namingKey })
  const postgres = await startPostgres()
  t.after(() => postgres.stop())
  const db = createControlDatabase({ url: postgres.url, poolSize: 1, logger })
  await migrateControl(db, logger)
  const keyring = createKeyring({ active: 'k1', keys: { k1: key } })
  await createBotStore(db, keyring).insert(botOfSettings('echo', api.url))
  await db.destroy()
  const opsPort = await freePort()
  const surroundings = { redisUrl: server.url, databaseUrl: postgres.url, key, namingKey, env: twoProcesses }
  const primary = await startWorkerServer(t, surroundings, opsPort)
  const page = async () => (await fetch(`http://127.0.0.1:${opsPort}/metrics`)).text()
  await primary.waitForLine('"msg":"ready"')
  await until(async () => /botyard_processes\{state="serving",app="worker"\} 2/.test(await page()))
  let chat = 0
  const deliverSome = async () => {
    const texts = Array.from({ length: 20 }, () => `text ${++chat}`)
    for (const text of texts) await deliver(chat, text)
    await until(() => texts.every(text => api.sent.some(message => message.text.includes(text))))
  }

  await deliverSome()
  const [, first] = /"child":(\d+).*"process started"/.exec(primary.lines.join('\n'))!
  process.kill(Number(first), 'SIGKILL')
  await primary.waitForLine('another one is started')
  await deliverSome()
  process.kill(primary.pid, 'SIGHUP')
  await primary.waitForLine('"msg":"reloaded"')
  await deliverSome()
  const gate = createLatch<undefined>()
  api.answer(() => gate.wait())
  await deliver(1, 'that waits')
  // Each of the processes reads the same backlog.
  await until(async () => /botyard_waiting_updates\{box="outbox",[^}]*\} 1\n/.test(await page()))
  gate.open(undefined)
  assert.equal((await primary.kill('SIGTERM')).code, 0)
})

test('bots that do not load end all processes with 78 and one line', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'botyard-bots-'))
  t.after(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'empty.ts'), 'export {}\n')
  const primary = await startWorkerServer(
    t,
    {
      redisUrl: 'redis://127.0.0.1:1',
      databaseUrl: 'postgres://postgres@127.0.0.1:1/away',
      key: randomBytes(32).toString('base64'),
      namingKey: randomBytes(32),
      env: { PROCESSES: '3', BOTS_DIR: folder },
    },
    await freePort(),
  )

  const { code } = await primary.exited

  assert.equal(code, 78)
  assert.equal(primary.lines.filter(line => line.includes('empty.ts')).length, 1)
})
