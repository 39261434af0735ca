import assert from 'node:assert/strict'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { startProcess } from '@botyard/testkit'
import { capturedLog } from './captured-log.ts'

test('a line holds the level by name, the fields and the message', () => {
  const { logger, lines } = capturedLog()

  logger.info({ bot: 'echo' }, 'ready')

  const { level, name, bot, msg } = lines[0]!
  assert.deepEqual({ level, name, bot, msg }, { level: 'info', name: 'test', bot: 'echo', msg: 'ready' })
})

test('secrets are redacted by name: in fields, nested ones and bindings of a child', () => {
  const { logger, text } = capturedLog()

  logger.info({ token: 'hunter2', headers: { authorization: 'hunter2' } }, 'one')
  logger.info({ bots: [{ id: 'echo', credentials: { token: 'hunter2' } }] }, 'two')
  logger.child({ password: 'hunter2' }).info({ a: { b: { secret: 'hunter2' } } }, 'three')

  assert.equal(text.length, 3)
  for (const line of text) {
    assert(!line.includes('hunter2'))
    assert(line.includes('[redacted]'))
  }
  assert(text[1]!.includes('"id":"echo"'))
})

test('an error is its type, code, message, stack and causes, under any name, and no other field', () => {
  const { logger, text, lines } = capturedLog()
  const cause = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (id)=(user 77)' })
  const err = Object.assign(new TypeError('failed', { cause }), {
    command: { name: 'set', args: ['user 77'] },
  })

  logger.error({ err }, 'by its own name')
  logger.error({ err, why: { error: err } }, 'within')
  logger.error(err)

  assert.equal(text.filter(line => line.includes('user 77')).length, 0)
  for (const { err } of lines as { err: Record<string, unknown> }[]) {
    assert.equal(err.type, 'TypeError')
    assert.equal(err.message, 'failed')
    assert.match(err.stack as string, /logger\.test\.ts/)
    assert.equal((err.cause as { code: string }).code, '23505')
  }
  assert.match(text[1]!, /"why":\{"error":\{"type":"TypeError"/)
})

test('an error that is its own cause, and an object within itself, are logged', () => {
  const { logger, lines } = capturedLog()
  const err = new Error('a circle')
  err.cause = err
  const circle: Record<string, unknown> = { id: 1 }
  circle.self = circle

  logger.error({ err, circle }, 'circles')

  assert.equal(lines.length, 1)
})

test('characters that steer a terminal are escaped, wherever they come from', () => {
  const { logger, text, lines } = capturedLog()
  const evil = 'a\n\u001b[2J\u007f\u009b31m\u2028\u202eb'

  logger.info({ user: evil, nested: { user: evil } }, evil)

  assert.match(text[0]!, /^[\x20-\x7e]+\n$/)
  assert.deepEqual([lines[0]!.user, lines[0]!.msg], [evil, evil])
})

test('text in any script is left readable', () => {
  const { logger, text } = capturedLog()

  logger.info('Grüße, 你好, 👋')

  assert(text[0]!.includes('Grüße, 你好, 👋'))
})

test('every line is written before the process exits, however it ends', async () => {
  for (const how of ['exit', 'throw', 'end']) {
    const child = await startProcess(fileURLToPath(new URL('log-and-end-process.ts', import.meta.url)), {
      args: [how],
    })
    await child.exited

    const logged = child.lines.filter(line => line.startsWith('{')).map(line => JSON.parse(line).n)
    assert.deepEqual(logged, [...Array(3_000).keys()], how)
  }
})
