import type { DocumentedEvent, ExpectedPlace } from '../conformance/documented-event.ts'

const contentType = 'application/x-www-form-urlencoded'
const docs = 'https://docs.slack.dev/reference/interaction-payloads'
const url = 'https://hooks.slack.com/actions/T1/1/x'
const who = {
  team: { id: 'T1', domain: 't' },
  user: { id: 'U1', username: 'ann', team_id: 'T1' },
  api_app_id: 'A1',
  token: 't',
}
const channel = { id: 'C1', name: 'general' }
const view = {
  id: 'V1',
  type: 'modal',
  callback_id: 'c',
  state: { values: { b: { a: { type: 'plain_text_input', value: 'hi' } } } },
}

function payload(
  type: string,
  page: string,
  members: object,
  place: Omit<ExpectedPlace, 'user'>,
): DocumentedEvent {
  return {
    event: type,
    docs: page,
    contentType,
    body: { payload: JSON.stringify({ type, ...who, ...members }) },
    expected: [{ user: 'U1', ...place, route: { type, ...place.route } }],
  }
}

const inChannel = { conversation: 'T1:C1' }
const inView = { conversation: 'T1:view:V1' }
const legacy = 'https://docs.slack.dev/legacy'

/** Interaction payloads, their forerunners, and slash commands: forms, whose route names the type. */
export const interactions: readonly DocumentedEvent[] = [
  {
    event: 'slash_command',
    docs: 'https://docs.slack.dev/interactivity/implementing-slash-commands',
    contentType,
    body: {
      token: 't',
      team_id: 'T1',
      team_domain: 't',
      channel_id: 'C1',
      channel_name: 'general',
      user_id: 'U1',
      user_name: 'ann',
      command: '/weather',
      text: '94070',
      response_url: url,
      trigger_id: '1.2.a',
      api_app_id: 'A1',
    },
    expected: [
      {
        kind: 'command',
        ...inChannel,
        user: 'U1',
        route: { type: 'slash_command', channel: 'C1', response_url: url },
        text: '/weather 94070',
      },
    ],
  },
  payload(
    'block_actions',
    `${docs}/block_actions-payload`,
    {
      channel,
      container: {
        type: 'message',
        message_ts: '2.2',
        channel_id: 'C1',
        is_ephemeral: false,
        thread_ts: '1.1',
      },
      response_url: url,
      trigger_id: '1.2.a',
      actions: [{ type: 'button', block_id: 'b', action_id: 'go', value: 'yes', action_ts: '3.3' }],
    },
    {
      kind: 'button',
      ...inChannel,
      route: { channel: 'C1', thread_ts: '1.1', message: '2.2', response_url: url },
      text: 'yes',
    },
  ),
  payload(
    'block_suggestion',
    `${docs}/block_suggestion-payload`,
    { channel, value: 'Mün', action_id: 'a', block_id: 'b' },
    {
      kind: 'autocomplete',
      ...inChannel,
      route: { channel: 'C1' },
      text: 'Mün',
    },
  ),
  payload(
    'shortcut',
    `${docs}/shortcuts-interaction-payload`,
    { callback_id: 'open it', trigger_id: '1.2.a', action_ts: '3.3' },
    {
      kind: 'command',
      conversation: 'T1:user:U1',
      route: {},
      text: '/open_it',
    },
  ),
  payload(
    'message_action',
    `${docs}/shortcuts-interaction-payload`,
    {
      callback_id: 'pin',
      channel,
      message_ts: '2.2',
      message: { ts: '2.2', user: 'U2', text: 'x' },
      response_url: url,
    },
    {
      kind: 'command',
      ...inChannel,
      route: { channel: 'C1', message: '2.2', response_url: url },
      text: '/pin',
    },
  ),
  payload(
    'view_submission',
    `${docs}/view-interactions-payload`,
    { view, trigger_id: '1.2.a' },
    {
      kind: 'modal',
      ...inView,
      route: {},
      text: 'hi',
    },
  ),
  payload(
    'view_closed',
    `${docs}/view-interactions-payload`,
    { view, is_cleared: false },
    {
      kind: 'modal',
      ...inView,
      route: {},
    },
  ),
  payload(
    'interactive_message',
    `${legacy}/legacy-messaging/legacy-making-messages-interactive`,
    {
      channel,
      message_ts: '2.2',
      action_ts: '3.3',
      response_url: url,
      actions: [{ type: 'button', name: 'b', value: 'yes' }],
    },
    {
      kind: 'button',
      ...inChannel,
      route: { channel: 'C1', message: '2.2', response_url: url },
      text: 'yes',
    },
  ),
  payload(
    'dialog_submission',
    `${legacy}/legacy-dialogs`,
    { channel, action_ts: '3.3', response_url: url, callback_id: 'c', submission: { name: 'Sigourney' } },
    { kind: 'modal', ...inChannel, route: { channel: 'C1', response_url: url }, text: 'Sigourney' },
  ),
  payload(
    'dialog_cancellation',
    `${legacy}/legacy-dialogs`,
    { channel, action_ts: '3.3', response_url: url, callback_id: 'c' },
    { kind: 'modal', ...inChannel, route: { channel: 'C1', response_url: url } },
  ),
  payload(
    'dialog_suggestion',
    `${legacy}/legacy-dialogs`,
    { channel, name: 'bug', value: 'a', callback_id: 'c', action_ts: '3.3' },
    {
      kind: 'autocomplete',
      ...inChannel,
      route: { channel: 'C1' },
      text: 'a',
    },
  ),
]
