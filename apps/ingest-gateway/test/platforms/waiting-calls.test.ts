import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { DeliveryOutcome } from '@botyard/mailbox'
import type { CallWaiter } from '../../src/call-waiter.ts'
import { cases, closePlatforms, platformGateway } from './platform-gateway.ts'

after(closePlatforms)

const discord = cases.find(({ platform }) => platform === 'discord')!

/**
 * A gateway of Discord whose calls wait until they are given up or the test answers; `events` says what came
 * when.
 */
async function waitingGateway(
  t: { after(hook: () => unknown): void },
  stored: () => Promise<DeliveryOutcome>,
) {
  const events: string[] = []
  const answers: ((json: string | undefined) => void)[] = []
  const waiter: Pick<CallWaiter, 'wait'> = {
    wait(_update, ms, id = '1') {
      events.push(`wait ${ms}`)
      const { promise, resolve } = Promise.withResolvers<string | undefined>()
      answers.push(resolve)
      const cancel = () => {
        events.push('cancel')
        resolve(undefined)
      }
      return { respond: { channel: 'here', id, byMs: 1 }, answer: promise, cancel }
    },
  }
  const deliver = () => {
    events.push('deliver')
    return stored()
  }
  const gateway = await platformGateway(t, discord, { deliver, deps: { callWaiter: waiter } })
  const sample = gateway.subject.samples.find(({ file }) => file === 'hikari-autocomplete-interaction.json')!
  const { headers, body } = sample.request
  const call = () =>
    gateway.app.inject({ method: 'POST', url: gateway.path, headers: headers as never, payload: body })
  return { ...gateway, call, events, answers }
}

test('a call begins to wait before its update is stored, and the update says whom to tell', async t => {
  const { call, events, answers, deliveries, open, registry } = await waitingGateway(t, async () => {
    answers[0]!('{"type":8}')
    return 'accepted'
  })

  const answer = await call()

  assert.deepEqual([answer.statusCode, answer.body], [200, '{"type":8}'])
  assert.deepEqual(events, ['wait 2000', 'deliver'])
  const { update } = open(deliveries[0]!)
  assert.equal(update.respond?.channel, 'here')
  assert.match(
    await registry.metrics(),
    /^botyard_ack_seconds_count\{platform="discord",answered_by="handler"\} 1$/m,
  )
})

test('a duplicate is not waited for: its handler answers the first call', async t => {
  const { call, events } = await waitingGateway(t, async () => 'duplicate')

  const answer = await call()

  assert.deepEqual([answer.statusCode, answer.json().type], [200, 8])
  assert.deepEqual(events, ['wait 2000', 'deliver', 'cancel'])
})

test('what is not stored is not waited for either: 503, not the fallback', async t => {
  const full = await waitingGateway(t, async () => 'backlog-full')
  const away = await waitingGateway(t, () =>
    Promise.reject(Object.assign(new Error('away'), { code: 'MBX_UNAVAILABLE' })),
  )

  const refused = await full.call()
  const failed = await away.call()

  assert.deepEqual([refused.statusCode, refused.json().error.code], [503, 'GTW_BACKLOG_FULL'])
  assert.deepEqual([failed.statusCode, failed.json().error.code], [503, 'GTW_STORE_UNAVAILABLE'])
  assert.deepEqual(full.events, ['wait 2000', 'deliver', 'cancel'])
  assert.deepEqual(away.events, ['wait 2000', 'deliver', 'cancel'])
})
