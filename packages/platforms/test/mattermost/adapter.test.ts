import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InvalidUpdateError } from '../../src/index.ts'
import { adapter as mattermost } from '../../src/mattermost/adapter.ts'
import { webhookRequest } from '../http/webhook-request.ts'

const form = 'application/x-www-form-urlencoded'
const network = {} as never

function normalise(body: string, contentType = form) {
  const [only] = mattermost.normalise(webhookRequest(body, { 'content-type': contentType }))
  assert.ok(only)
  return only
}

test('without deferring the call waits for the handler’s text, else the answer posts nothing', () => {
  const silence = { status: 200, body: '{}' }

  assert.deepEqual(mattermost.answer?.([], {}), { now: silence })
  assert.deepEqual(mattermost.answer?.([], { defer: 'public' }), { now: silence })
  assert.deepEqual(mattermost.answer?.([], { defer: 'none' }), { wait: true, fallback: silence })
})

test('a slash command is a command whose text begins with it', () => {
  const { id, kind, text } = normalise(
    'command=%2Fdeploy-it&text=now&trigger_id=T1&channel_id=c&team_id=t&user_id=u',
  )

  assert.deepEqual({ id, kind, text }, { id: 'T1', kind: 'command', text: '/deploy-it now' })
})

test('the time is taken in seconds as in milliseconds', () => {
  assert.equal(normalise('post_id=p&timestamp=1445532266').sentAtMs, 1445532266000)
  assert.equal(normalise('post_id=p&timestamp=1445532266123').sentAtMs, 1445532266123)
  assert.equal(normalise('post_id=p&timestamp=0').sentAtMs, undefined)
})

test('what names no channel is its user’s, what names no one is the bot’s', () => {
  assert.equal(normalise('post_id=p&user_id=u').conversation, 'user:u')
  assert.equal(normalise('post_id=p').conversation, 'bot')
})

test('a body without a token, or whose token is no text, is not genuine; a list is no update', () => {
  const resultOf = (body: string) =>
    mattermost.verify(
      webhookRequest(body, { 'content-type': 'application/json' }),
      { token: 'secret' },
      network,
    )

  assert.deepEqual(resultOf('{"token":"secret"}'), { genuine: true })
  assert.deepEqual(resultOf('{}'), { genuine: false, reason: 'missing' })
  assert.deepEqual(resultOf('not json'), { genuine: false, reason: 'missing' })
  assert.deepEqual(resultOf('{"token":["secret"]}'), { genuine: false, reason: 'malformed' })
  assert.deepEqual(resultOf('{"token":"secrer"}'), { genuine: false, reason: 'mismatch' })
  assert.throws(() => normalise('[]', 'application/json'), InvalidUpdateError)
})
