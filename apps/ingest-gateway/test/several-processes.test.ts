import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { type TestContext, test } from 'node:test'
import { createBotStore, createControlDatabase, migrateControl } from '@botyard/control-database'
import { createKeyring } from '@botyard/service-kit'
import { freePort, startPostgres, startProcess, startRedis, until } from '@botyard/testkit'
import { pino } from 'pino'
import { bots, telegramCall } from './helper.ts'

const silent = pino({ level: 'silent' })

async function startGateway(t: TestContext, env: Record<string, string>) {
  const keys = { active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
  t.after(() => Promise.all([postgres.stop(), redis.stop()]))
  const db = createControlDatabase({ url: postgres.url, poolSize: 1, logger: silent })
  await migrateControl(db, silent)
  await createBotStore(db, createKeyring(keys)).insert(bots.echo)
  await db.destroy()
  const [port, opsPort] = [await freePort(), await freePort()]
  const primary = await startProcess(new URL('../src/server.ts', import.meta.url).pathname, {
    env: {
      ...{ GATEWAY_HOST: '127.0.0.1', GATEWAY_PORT: String(port), GATEWAY_OPS_PORT: String(opsPort) },
      PUBLIC_URL: 'https://bots.example.com',
      ...{ KEYRING: JSON.stringify(keys), NAMING_KEY: randomBytes(32).toString('base64') },
      ...{ CONTROL_DATABASE_URL: postgres.url, REDIS_URL: redis.url, DURABILITY: 'relaxed' },
      ...env,
    },
  })
  t.after(() => primary.kill('SIGTERM'))
  const page = async () => (await fetch(`http://127.0.0.1:${opsPort}/metrics`)).text()
  const serving = (count: number) =>
    until(async () =>
      new RegExp(`botyard_processes\\{state="serving",[^}]*\\} ${count}\\n`).test(await page()),
    )
  return { primary, port, page, serving }
}

/** One call over a connection kept alive: the status, or the error's code. */
function call(agent: Agent, port: number, updateId: number): Promise<number | string> {
  const { url, headers, payload, method } = telegramCall(updateId)
  return new Promise(resolve => {
    const outgoing = request({ port, path: url, host: '127.0.0.1', method, headers, agent }, answer => {
      answer.resume().on('end', () => resolve(answer.statusCode!))
    })
    outgoing.on('error', error => resolve((error as NodeJS.ErrnoException).code!)).end(payload)
  })
}

test('a reload under load fails no call, and all that was accepted is counted', async t => {
  const { primary, port, page, serving } = await startGateway(t, { PROCESSES: '2' })
  await primary.waitForLine('"msg":"ready"')
  await serving(2)
  const agent = new Agent({ keepAlive: true })
  t.after(() => agent.destroy())
  const seen = new Map<number | string, number>()
  let updateId = 0
  let isOver = false
  // Also when the test fails: callers would go on for ever.
  t.after(() => {
    isOver = true
  })
  const callers = Array.from({ length: 16 }, async () => {
    while (!isOver) {
      const outcome = await call(agent, port, ++updateId)
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
    }
  })

  process.kill(primary.pid, 'SIGHUP')
  await primary.waitForLine('"msg":"reloaded"')
  isOver = true
  await Promise.all(callers)

  assert.deepEqual([...seen.keys()], [200])
  const counted = (await page()).matchAll(/^botyard_updates_received_total\{.*\} (\d+)$/gm)
  const received = [...counted].reduce((sum, [, value]) => sum + Number(value), 0)
  assert.equal(received, seen.get(200))
})

test('a limit that is set for the gateway holds for its processes together', async t => {
  const { primary, port, serving } = await startGateway(t, {
    ...{ PROCESSES: '2', MAX_CONNECTIONS_PER_ADDRESS: '4' },
  })
  await primary.waitForLine('"msg":"ready"')
  await serving(2)
  const agent = new Agent({ keepAlive: true })
  t.after(() => agent.destroy())

  const outcomes = await Promise.all(Array.from({ length: 40 }, (_, i) => call(agent, port, i)))

  const served = outcomes.filter(outcome => outcome === 200).length
  // Each of two may keep twice its half of four.
  assert.ok(served >= 4 && served <= 8, `${served} were served`)
})
