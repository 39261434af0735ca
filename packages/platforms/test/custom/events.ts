import type { DocumentedEvent } from '../conformance/documented-event.ts'

const docs = 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md'

/**
 * The channel's own update, as docs/custom-channel.md has it, and the event of another sender of Standard
 * Webhooks.
 */
export const events: readonly DocumentedEvent[] = [
  {
    event: 'update',
    docs,
    body: { id: '1', conversation: 'room', user: 'ann', text: '/start' },
    expected: [{ kind: 'command', conversation: 'room', user: 'ann' }],
  },
  {
    event: 'update',
    docs,
    body: { id: '1', conversation: 'room', user: 'helper', text: 'hi', fromBot: true },
    expected: [{ kind: 'message', conversation: 'room', user: 'helper', fromBot: true }],
  },
  {
    event: 'update',
    docs,
    body: { id: '1', conversation: 'room', data: {} },
    expected: [{ kind: 'other', conversation: 'room' }],
  },
  {
    event: 'foreign',
    docs,
    body: { type: 'user.created', timestamp: '2026-01-01T00:00:00Z', data: { user: 'ann' } },
    expected: [{ kind: 'other', conversation: 'bot' }],
  },
]
