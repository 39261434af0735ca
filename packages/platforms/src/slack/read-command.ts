import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { InvalidUpdateError } from '../errors.ts'
import { type FormFields, fieldOf } from '../http/form-fields.ts'
import { conversationOf } from './place.ts'
import { callId } from './read-payload.ts'
import { typedText } from './typed-text.ts'

/**
 * Reads a slash command (https://docs.slack.dev/interactivity/implementing-slash-commands); any other flat
 * form is `other`.
 */
export function readCommand(
  fields: FormFields,
  { headers, body }: Pick<WebhookRequest, 'headers' | 'body'>,
): Omit<NormalisedUpdate, 'raw'> {
  const given = (name: string) => fieldOf(fields, name) || undefined
  const command = given('command')
  const team = given('team_id')
  const enterprise = given('enterprise_id')
  if (command === undefined && team === undefined)
    throw new InvalidUpdateError('shape', 'is required', '/command')
  const tenant = given('is_enterprise_install') === 'true' ? (enterprise ?? team) : (team ?? enterprise)
  const channel = given('channel_id')
  const user = given('user_id')
  const url = given('response_url')
  const written = given('text')
  const text = [command, written && typedText(written)].filter(part => part !== undefined).join(' ')
  const type = command === undefined ? 'form' : 'slash_command'
  return {
    id: given('trigger_id') ?? callId(headers, body),
    event: type,
    kind: command === undefined ? 'other' : 'command',
    conversation: conversationOf({ tenant, channel, user }),
    ...(user !== undefined && { user }),
    ...(text !== '' && { text }),
    ...(tenant !== undefined && { tenant }),
    route: {
      type,
      ...(channel !== undefined && { channel }),
      ...(url !== undefined && { response_url: url }),
    },
  }
}
