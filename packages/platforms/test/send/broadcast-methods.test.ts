import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters, whyNoBroadcast } from '../../src/index.ts'

test('every platform that can be answered says what a broadcast may send', () => {
  for (const { platform, duties, broadcasts } of Object.values(adapters)) {
    assert.equal(broadcasts !== undefined, duties.sends !== null, platform)
  }
})

/**
 * By platform: messages that say something to a chat, and what acts on the bot, on chats, or on others than
 * the recipients.
 */
const cases: Record<string, { said: object[]; refused: object[] }> = {
  telegram: {
    said: [
      { text: 'a' },
      { method: 'sendPhoto', photo: 'x' },
      { method: 'copyMessage', from_chat_id: 1, message_id: 2 },
    ],
    refused: [
      { method: 'setWebhook', url: 'https://evil.example' },
      { method: 'getUpdates' },
      { method: 'banChatMember', user_id: 5 },
      { method: 'deleteMessage', message_id: 5 },
      { method: 'toString' },
      { method: 'sendMessage', chat_id: 7, text: 'to one' },
    ],
  },
  slack: { said: [{ blocks: [] }], refused: [{ text: 'a', channel: 'C1' }] },
  whatsapp: {
    said: [{ type: 'template', template: {} }, { text: { body: 'a' } }],
    refused: [{ status: 'read', message_id: 'wamid.1' }, { type: 'reaction' }, { type: 'text', to: '49' }],
  },
  messenger: {
    said: [{ message: { text: 'a' } }],
    refused: [{ sender_action: 'typing_on' }, { target_app_id: 1 }, {}],
  },
  instagram: { said: [{ message: { text: 'a' } }], refused: [{ sender_action: 'react' }] },
  line: {
    said: [{ type: 'flex' }, { messages: [{ type: 'text' }, { type: 'image' }] }],
    refused: [
      { messages: [{ type: 'text' }, { type: 'evil' }] },
      { messages: [] },
      { type: 'text', to: 'U1' },
    ],
  },
  teams: {
    said: [{ text: 'a' }, { type: 'message', attachments: [] }],
    refused: [{ type: 'endOfConversation' }],
  },
  viber: {
    said: [{ type: 'picture' }],
    refused: [
      { type: 'text', receiver: 'x' },
      { type: 'text', broadcast_list: [] },
    ],
  },
  twilio: { said: [{ Body: 'a' }], refused: [{ Body: 'a', To: '+49' }] },
  zulip: { said: [{ content: 'a' }], refused: [{ content: 'a', to: [1] }] },
  mattermost: { said: [{ message: 'a' }], refused: [{ message: 'a', channel_id: 'c' }] },
}

test('a broadcast says something to its recipients, and may do nothing else', () => {
  for (const [platform, { said, refused }] of Object.entries(cases)) {
    const { broadcasts } = adapters[platform as keyof typeof adapters]
    assert.ok(broadcasts)
    const why = (native: object) => whyNoBroadcast(broadcasts, native as Record<string, unknown>)
    for (const native of said) assert.equal(why(native), undefined, `${platform}: ${JSON.stringify(native)}`)
    for (const native of refused) assert.ok(why(native)?.reason, `${platform}: ${JSON.stringify(native)}`)
  }
})
