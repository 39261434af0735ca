import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters, InvalidUpdateError } from '../../src/index.ts'
import { webhookRequest } from '../http/webhook-request.ts'

const form = { 'content-type': 'application/x-www-form-urlencoded' }

function read(event: object, around: object = {}) {
  const body = { type: 'event_callback', team_id: 'T1', api_app_id: 'A1', event_id: 'Ev1', event, ...around }
  return adapters.slack.normalise(webhookRequest(JSON.stringify(body)))[0]!
}

test('what the app itself wrote is delivered, but as no message that a bot would answer', () => {
  const authorizations = [{ team_id: 'T1', user_id: 'UBOT', is_bot: true }]
  const kindOf = (event: object) =>
    read({ type: 'message', channel: 'C1', text: 'hi', ...event }, { authorizations }).kind

  assert.equal(kindOf({ user: 'UBOT' }), 'other')
  assert.equal(kindOf({ bot_id: 'B1', app_id: 'A1' }), 'other')
  assert.equal(kindOf({ bot_id: 'B1', bot_profile: { app_id: 'A1' } }), 'other')
  assert.equal(kindOf({ subtype: 'message_changed', message: { user: 'UBOT', text: 'hi' } }), 'other')
  assert.equal(kindOf({ bot_id: 'B2', app_id: 'A2' }), 'message')
  assert.equal(kindOf({ user: 'U1' }), 'message')
  assert.equal(read({ type: 'reaction_added', user: 'UBOT', item: {} }, { authorizations }).kind, 'reaction')
})

test('a button carries what a reply needs: channel, thread, its message, and the response url', () => {
  const payload = {
    type: 'block_actions',
    trigger_id: '1.2.3',
    team: { id: 'T1' },
    user: { id: 'U1' },
    container: { message_ts: '4.4', channel_id: 'C1', is_ephemeral: true, thread_ts: '3.3' },
    response_url: 'https://hooks.slack.com/actions/T1/1/x',
    actions: [{ action_id: 'go', value: 'yes', action_ts: '5.5' }],
  }
  const body = new URLSearchParams({ payload: JSON.stringify(payload) })

  const [update] = adapters.slack.normalise(webhookRequest(String(body), form))

  assert.deepEqual(update?.route, {
    type: 'block_actions',
    channel: 'C1',
    thread_ts: '3.3',
    message: '4.4',
    response_url: 'https://hooks.slack.com/actions/T1/1/x',
    ephemeral: 'true',
  })
})

test('an update without a trigger is told by its message and time, else by the call that brought it', () => {
  const idOf = (payload: object, seconds: string) => {
    const body = String(new URLSearchParams({ payload: JSON.stringify(payload) }))
    return adapters.slack.normalise(
      webhookRequest(body, { ...form, 'x-slack-request-timestamp': seconds }),
    )[0]?.id
  }
  const pressed = { type: 'block_actions', container: { message_ts: '4.4' }, actions: [{ action_ts: '5.5' }] }

  assert.equal(idOf(pressed, '1'), '4.4:5.5')
  assert.equal(idOf(pressed, '2'), '4.4:5.5')
  assert.notEqual(idOf({ type: 'view_closed' }, '1'), idOf({ type: 'view_closed' }, '2'))
})

test('a form that is no call of Slack’s is invalid', () => {
  for (const body of ['', 'a=b', 'payload=', 'payload=%7B', 'payload=1', 'payload=%7B%22type%22%3A1%7D']) {
    assert.throws(() => adapters.slack.normalise(webhookRequest(body, form)), InvalidUpdateError, body)
  }
})
