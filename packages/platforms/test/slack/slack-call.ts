/** Where the page of each event type is. */
export const docs = 'https://docs.slack.dev/reference/events'

/** The body around an event, for one workspace whose bot is UBOT. */
export function callback(event: object, around: object = {}): object {
  return {
    token: 'XXYYZZ',
    team_id: 'T1',
    api_app_id: 'A1',
    event,
    type: 'event_callback',
    authorizations: [{ team_id: 'T1', user_id: 'UBOT', is_bot: true, is_enterprise_install: false }],
    event_id: 'Ev123ABC456',
    event_time: 1783536983,
    ...around,
  }
}

/** A message of the person U1 in the channel C1. */
export const said = {
  type: 'message',
  channel: 'C1',
  channel_type: 'channel',
  user: 'U1',
  text: 'Hello world',
  ts: '1355517523.000005',
  event_ts: '1355517523.000005',
}
