import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createUpdateBuilder, startBotApi } from '@botyard/platform-simulators'
import { type ReceivedSpan, startOtlpReceiver, until } from '@botyard/testkit'
import { startDeployment } from '../src/shared/deployment/deployment.ts'

test('from the webhook to the run and its tasks, and on to the send, one update is told by linked spans', async t => {
  const receiver = await startOtlpReceiver()
  const api = await startBotApi()
  const deployment = await startDeployment({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } })
  t.after(async () => {
    await deployment[Symbol.asyncDispose]()
    await api.close()
    receiver.close()
  })
  const { adminUrl, adminToken, gatewayUrl } = deployment.system
  const secret = randomBytes(16).toString('hex')
  const credentials = { token: api.token, webhookSecret: secret, apiRoot: api.url }
  const added = await fetch(`${adminUrl}/api/v1/bots`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'shop', platform: 'telegram', handler: 'support', credentials }),
  })
  assert.equal(added.status, 201, await added.text())

  const update = createUpdateBuilder().message({ chat: 7, text: 'Where is my order #48213?' })
  const answer = await fetch(`${gatewayUrl}/hooks/telegram/shop`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
    body: JSON.stringify(update),
  })
  assert.equal(answer.status, 200)
  const linksOf = (span: ReceivedSpan | undefined) => span?.links?.map(({ spanId }) => spanId)
  const find = (name: string, isIt: (span: ReceivedSpan) => boolean = () => true) =>
    receiver.spans.find(span => span.name === name && isIt(span))
  const told = () => {
    const [webhook, send] = [find('webhook'), find('send')]
    // On a busy machine a first run may fail because the task's thread starts too late for it.
    const run = find('run', ({ spanId }) => linksOf(send)?.includes(spanId) ?? false)
    return { webhook, send, run, task: find('task understand', span => span.parentSpanId === run?.spanId) }
  }
  await until(() => Object.values(told()).every(span => span !== undefined))

  const { webhook, send, run, task } = told()
  assert.deepEqual([webhook?.service, run?.service], ['ingest-gateway', 'worker'])
  assert.deepEqual(linksOf(run), [webhook?.spanId])
  assert.deepEqual(linksOf(send), [webhook?.spanId, run?.spanId])
  assert.deepEqual([task?.traceId, task?.parentSpanId], [run?.traceId, run?.spanId])
  assert.equal(new Set([webhook, run, send].map(span => span?.traceId)).size, 3)
  assert.doesNotMatch(JSON.stringify(receiver.spans), /order|48213|"7"/)
})
