import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { test } from 'node:test'
import { sharedRedis, startRedis } from '../src/index.ts'

test('what was written survives SIGKILL and a restart on the same port', async t => {
  const redis = await startRedis({ appendfsync: 'always' })
  t.after(() => redis.stop())
  await command(redis.port, 'SET name Ada')
  const before = redis.pid

  await redis.kill()
  await redis.restart()

  assert.equal(await command(redis.port, 'GET name'), '$3\r\nAda\r\n')
  assert.notEqual(redis.pid, before)
})

test('it runs with an append-only file and without eviction and snapshots', async t => {
  const redis = await startRedis({ extra: ['--maxmemory', '50mb'] })
  t.after(() => redis.stop())

  assert.match(await command(redis.port, 'CONFIG GET appendonly'), /yes/)
  assert.match(await command(redis.port, 'CONFIG GET appendfsync'), /everysec/)
  assert.match(await command(redis.port, 'CONFIG GET maxmemory-policy'), /noeviction/)
  assert.match(await command(redis.port, 'CONFIG GET save'), /\$0\r\n\r\n$/)
  assert.match(await command(redis.port, 'CONFIG GET maxmemory'), /52428800/)
})

test('a paused server answers when it is resumed', async t => {
  const redis = await startRedis()
  t.after(() => redis.stop())

  redis.pause()
  const answer = command(redis.port, 'PING')
  redis.resume()

  assert.equal(await answer, '+PONG\r\n')
})

test('stop leaves neither process nor directory, also when it was paused', async () => {
  const redis = await startRedis()

  redis.pause()
  await redis.stop()

  assert.throws(() => process.kill(redis.pid, 0), { code: 'ESRCH' })
  assert.equal(existsSync(redis.dir), false)
})

test('a port in use is reported with what the server said', async t => {
  const first = await startRedis()
  t.after(() => first.stop())

  await assert.rejects(startRedis({ port: first.port }), /Address already in use/)
})

test('tests that run together share one server, the last one stops it', async t => {
  const hooks: (() => Promise<void>)[] = []
  const user = { after: (hook: () => Promise<void>) => void hooks.push(hook) }

  const [one, two] = await Promise.all([sharedRedis(user), sharedRedis(user)])
  t.after(() => one.stop())
  await hooks[0]?.()

  assert.equal(one, two)
  assert.equal(await command(one.port, 'PING'), '+PONG\r\n')
  await hooks[1]?.()
  assert.throws(() => process.kill(one.pid, 0), { code: 'ESRCH' })
})

async function command(port: number, line: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(`${line}\r\n`)
  const [answer] = await once(socket, 'data')
  socket.destroy()
  return String(answer)
}
