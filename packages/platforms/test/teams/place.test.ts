import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters } from '../../src/index.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { about } from './teams-call.ts'

const appId = '11111111-2222-3333-4444-555555555555'
const self = { user: `28:${appId}`, app: appId }

function read(activity: object) {
  return adapters.teams.normalise(
    webhookRequest(JSON.stringify({ ...about, type: 'message', ...activity })),
    self,
  )[0]!
}

test('what happens to a channel or a team belongs to it, not to the channel that tells of it', () => {
  const at = (eventType: string) =>
    read({
      type: 'conversationUpdate',
      conversation: { id: '19:general' },
      channelData: { eventType, channel: { id: '19:renamed', name: 'New' }, team: { id: '19:team' } },
    }).conversation

  assert.equal(at('channelRenamed'), '19:renamed')
  assert.equal(at('channelCreated'), '19:renamed')
  assert.equal(at('channelMemberAdded'), '19:renamed')
  assert.equal(at('teamRenamed'), '19:team')
  assert.equal(at('teamArchived'), '19:team')
  assert.equal(at('teamMemberAdded'), '19:general')
})

test('a thread is no person', () => {
  assert.equal(read({ type: 'conversationUpdate', from: { id: '19:c@thread.tacv2' } }).user, undefined)
})

test('the bot’s own messages are other, those of other bots say so', () => {
  const of = (from: object) => read({ text: 'hi', from })

  assert.equal(of({ id: '28:bot' }).kind, 'other')
  assert.equal(of({ id: `28:${appId}` }).kind, 'other')
  assert.deepEqual([of({ id: '28:else' }).kind, of({ id: '28:else' }).fromBot], ['message', true])
  assert.equal(of({ id: '29:x', role: 'bot' }).fromBot, true)
  assert.equal(of({ id: '29:x', role: 'user' }).fromBot, undefined)
  assert.equal(read({ text: '/help', from: { id: '28:bot' } }).kind, 'other')
})

test('the app’s id tells who the bot is', async () => {
  const identified = await adapters.teams.identify?.({ appId, appPassword: 'x' }, {} as never)

  assert.deepEqual(identified, { status: 'known', identity: self })
})

test('events, invokes and updates are named as Microsoft names them', () => {
  for (const [activity, name] of [
    [{ type: 'message' }, 'message'],
    [{ type: 'invoke', name: 'task/fetch' }, 'invoke/task/fetch'],
    [
      { type: 'event', name: 'application/vnd.microsoft.meetingStart' },
      'event/application/vnd.microsoft.meetingStart',
    ],
    [
      { type: 'conversationUpdate', channelData: { eventType: 'teamRenamed' } },
      'conversationUpdate/teamRenamed',
    ],
    [{ type: 'conversationUpdate', membersAdded: [] }, 'conversationUpdate'],
    [
      { type: 'messageUpdate', channelData: { eventType: 'undeleteMessage' } },
      'messageUpdate/undeleteMessage',
    ],
    [{ type: 'installationUpdate', action: 'add' }, 'installationUpdate/add'],
  ] as const) {
    assert.equal(read(activity).event, name)
    assert.ok(adapters.teams.events?.has(name), name)
  }
  assert.equal(adapters.teams.events?.has(read({ type: 'invoke', name: 'of/theFuture' }).event ?? ''), false)
})
