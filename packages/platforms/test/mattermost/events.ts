import type { DocumentedEvent } from '../conformance/documented-event.ts'

const contentType = 'application/x-www-form-urlencoded'
const outgoing = {
  event: 'outgoing_webhook',
  docs: 'https://developers.mattermost.com/integrate/webhooks/outgoing/',
}

/** An outgoing webhook as its fields stand in the server's model; the same as a form and as JSON. */
const post = {
  token: 'a-token',
  team_id: 't1',
  team_domain: 'team',
  channel_id: 'c1',
  channel_name: 'town-square',
  timestamp: '1445532266',
  user_id: 'u1',
  user_name: 'ann',
  post_id: 'p1',
  text: '#build it',
  trigger_word: '#build',
  file_ids: '',
}

/** A slash command. */
const command = {
  channel_id: 'c1',
  channel_name: 'town-square',
  command: '/weather',
  response_url: 'https://chat.example/hooks/commands/x',
  team_domain: 'team',
  team_id: 't1',
  text: 'Boston',
  token: 'a-token',
  trigger_id: 'tr1',
  user_id: 'u1',
  user_name: 'ann',
}

const place = { conversation: 't1/c1', user: 'u1' }
const written = { kind: 'message', ...place, route: { channel: 'c1', post: 'p1' }, text: '#build it' }

/**
 * The two calls that Mattermost makes by itself; buttons and dialogs go where the post that holds them says,
 * without a token.
 */
export const events: readonly DocumentedEvent[] = [
  { ...outgoing, body: { ...post, timestamp: 1445532266123 }, expected: [written] },
  { ...outgoing, contentType, body: post, expected: [written] },
  {
    event: 'slash_command',
    docs: 'https://developers.mattermost.com/integrate/slash-commands/custom/',
    contentType,
    body: command,
    expected: [{ kind: 'command', ...place, route: { channel: 'c1' }, text: '/weather Boston' }],
  },
]
