import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createLatch, createRandom, freePort, startProcess } from '../src/index.ts'

test('a line of output is awaited, and the process ends by the signal it is sent', async t => {
  const child = await start(
    t,
    `console.log('ready', process.env.NAME, process.argv[2]); setInterval(() => {}, 1000)`,
    {
      args: ['one'],
      env: { NAME: 'Ada' },
    },
  )

  assert.equal(await child.waitForLine(/^ready/), 'ready Ada one')
  assert.deepEqual(await child.kill('SIGTERM'), { code: null, signal: 'SIGTERM' })
  assert.equal(child.running, false)
})

test('waiting for a line rejects with the output when the process ends without it', async t => {
  const child = await start(t, `console.error('no port left'); process.exit(3)`)

  await assert.rejects(child.waitForLine('ready'), /it ended before it printed ready.*\nno port left/)
  assert.deepEqual(await child.exited, { code: 3, signal: null })
  await assert.rejects(child.waitForLine('ready'), /it ended/)
})

test('a paused process can still be ended gently', async t => {
  const child = await start(
    t,
    `process.on('SIGTERM', () => process.exit(0)); console.log('ready'); setInterval(() => {}, 1000)`,
  )
  await child.waitForLine('ready')

  child.pause()

  assert.deepEqual(await child.kill('SIGTERM'), { code: 0, signal: null })
})

test('children do not outlive a parent that is killed', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const connected = once(server, 'connection')
  const parent = await start(
    t,
    `const { startProcess } = await import(${JSON.stringify(import.meta.resolve('../src/index.ts'))})
     await startProcess('-e', { args: ['net.connect(${port}, "127.0.0.1")'] })`,
  )
  const [connection] = (await connected) as [Socket]
  connection.on('error', () => {})
  const closed = once(connection, 'close') // Only the end of the child closes it.

  await parent.kill()

  await closed
})

test('a latch lets through everybody, before and after it opens', async () => {
  const latch = createLatch<number>()
  const early = latch.wait()

  latch.open(1)
  latch.open(2)

  assert.deepEqual([await early, await latch.wait(), latch.isOpen], [1, 1, true])
})

test('free ports are below those of outgoing connections', async () => {
  assert.ok((await freePort()) < 32_768)
})

test('random numbers repeat for a seed and differ for another', () => {
  const [one, same, other] = [createRandom(1), createRandom(1), createRandom(2)]

  assert.equal(one(), same())
  assert.notEqual(one(), other())
})

async function start(t: TestContext, source: string, options: Parameters<typeof startProcess>[1] = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'botyard-process-'))
  const file = join(dir, 'child.mjs')
  await writeFile(file, source)
  const child = await startProcess(file, options)
  t.after(async () => {
    await child.kill()
    await rm(dir, { recursive: true })
  })
  return child
}
