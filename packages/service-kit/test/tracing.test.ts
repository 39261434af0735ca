import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test, { type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { type ReceivedSpan, startOtlpReceiver } from '@botyard/testkit'
import { trace } from '@opentelemetry/api'
import { fastify } from 'fastify'
import { pino } from 'pino'
import tracing from '../src/plugins/tracing.ts'
import { inTrace } from '../src/tracing/in-thread.ts'

async function setUp(t: TestContext, ratio = 1) {
  const receiver = await startOtlpReceiver()
  t.after(() => receiver.close())
  const app = fastify()
  const logger = pino({ level: 'silent' })
  await app.register(tracing, { endpoint: receiver.url, ratio, app: 'worker', logger })
  await app.ready()
  const named = (name: string) => receiver.spans.find(span => span.name === name)!
  return { app, receiver, tracing: app.tracing!, named }
}

const server = { kind: 'server', facts: { bot: 'shop' } } as const
const namesOf = ({ links = [] }: ReceivedSpan) => links.map(({ spanId }) => spanId)

test('a run is a trace of its own, linked to the webhook; what it starts is its part', async t => {
  const { app, tracing, named } = await setUp(t)
  const webhook = await tracing.root('webhook', server, async span => {
    span.note({ outcome: 'stored' })
    return span.traceparent
  })

  await tracing.root('run', { kind: 'consumer', facts: {}, links: [webhook, 'no span'] }, async () => {
    await delay(1)
    await tracing.part('task score', {}, async span => assert.match(span!.traceparent, /^00-.*-01$/))
  })
  await app.close()

  const [call, run, task] = [named('webhook'), named('run'), named('task score')]
  assert.notEqual(run.traceId, call.traceId)
  assert.equal(run.parentSpanId, undefined)
  assert.deepEqual(namesOf(run), [call.spanId])
  assert.deepEqual([task.traceId, task.parentSpanId], [run.traceId, run.spanId])
  assert.equal(call.service, 'worker')
  assert.deepEqual(
    call.attributes.map(({ key, value }) => [key, value.stringValue]),
    [
      ['botyard.bot', 'shop'],
      ['botyard.outcome', 'stored'],
    ],
  )
})

test('a span has the code of its error, never its message', async t => {
  const { app, receiver, tracing } = await setUp(t)
  const failing = tracing.root('run', server, () =>
    Promise.reject(Object.assign(new Error('the user said hello'), { code: 'WRK_X' })),
  )

  await assert.rejects(failing, /hello/)
  await app.close()

  assert.equal(receiver.spans[0]!.status.code, 2)
  assert.match(JSON.stringify(receiver.spans), /WRK_X/)
  assert.doesNotMatch(JSON.stringify(receiver.spans), /hello/)
})

test('of what begins a trace a share is kept, and whoever is linked to a kept one is kept', async t => {
  const { app, receiver, tracing } = await setUp(t, 0)
  const other = '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01'

  const isKept = await tracing.root('webhook', server, async span => span.isKept)
  await tracing.root('run', { ...server, links: [other] }, async () => undefined)
  await app.close()

  assert.equal(isKept, false)
  assert.deepEqual(
    receiver.spans.map(({ name }) => name),
    ['run'],
  )
})

test('outside of a kept span there is no part, and its work is done all the same', async t => {
  const { app, receiver, tracing } = await setUp(t)

  const done = await tracing.part('task score', {}, async span => span)
  await app.close()

  assert.equal(done, undefined)
  assert.deepEqual(receiver.spans, [])
})

test('in a thread the span that the call belongs to is the active one', async () => {
  const traceparent = '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01'

  const active = await inTrace(traceparent, async () => {
    await delay(1)
    return trace.getActiveSpan()?.spanContext().spanId
  })

  assert.equal(active, '0123456789abcdef')
})

test('where tracing is off nothing of OpenTelemetry is loaded', () => {
  const file = (name: string) => JSON.stringify(new URL(name, import.meta.url).href)
  const script = `
    const { default: tracing } = await import(${file('../src/plugins/tracing.ts')})
    const { fastify } = await import('fastify')
    const app = fastify()
    await app.register(tracing, { endpoint: process.argv[1], ratio: 1, app: 'worker' })
    await app.ready()
    const { createRequire } = await import('node:module')
    const loaded = Object.keys(createRequire(${file('./tracing.test.ts')}).cache).filter(name => name.includes('opentelemetry'))
    console.log(app.tracing !== undefined, loaded.length > 0)
    await app.close()`
  const run = (...args: string[]) => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, ...args], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    })
    return stdout.trim() || stderr
  }

  assert.equal(run(), 'false false')
  assert.equal(run('http://127.0.0.1:1'), 'true true')
})
