/**
 * What made Zulip call, by `trigger` (in its format that resembles Slack's, `trigger_word`):
 * https://zulip.com/api/outgoing-webhook-payload. `private_message` is what servers before 8.0 say for
 * `direct_message`.
 */
export const zulipEvents: ReadonlySet<string> = new Set(['direct_message', 'mention', 'private_message'])
