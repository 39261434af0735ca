import type { UpdateKind } from '@botyard/queue-contracts'
import { Type } from 'typebox'
import type { NormalisedUpdate } from '../adapter.ts'
import { compileShape } from '../json/compile-shape.ts'
import { textAt, valueAt } from '../json/value-at.ts'
import { interactionNames } from './events.ts'
import { textOfAutocomplete, textOfCommand, textOfComponent, textOfModal } from './interaction-text.ts'
import { timeOfSnowflake } from './snowflake.ts'

/**
 * The types of
 * https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-interaction-type.
 */
const types: ReadonlyMap<unknown, { kind: UpdateKind; text: (data: unknown) => string | undefined }> =
  new Map([
    [2, { kind: 'command', text: textOfCommand }],
    [3, { kind: 'button', text: textOfComponent }],
    [4, { kind: 'autocomplete', text: textOfAutocomplete }],
    [5, { kind: 'modal', text: textOfModal }],
  ])

/** Its answer is a new message, though a message's component may have opened the form. */
const modalSubmit = 5

const checkInteraction = compileShape(
  Type.Object({ id: Type.String({ minLength: 1 }), type: Type.Integer() }),
)

/** Reads an interaction; a type that nobody knows yet is `other`. */
export function readInteraction(body: unknown): Omit<NormalisedUpdate, 'raw'> {
  const { id, type } = checkInteraction(body)
  const known = types.get(type)
  const text = known?.text(valueAt(body, 'data'))
  const user = textAt(body, 'member', 'user', 'id') ?? textAt(body, 'user', 'id')
  const tenant = tenantOf(body)
  const sentAtMs = timeOfSnowflake(id)
  return {
    id,
    event: interactionNames.get(type) ?? `INTERACTION_${type}`,
    kind: known?.kind ?? 'other',
    conversation:
      textAt(body, 'channel_id') ?? textAt(body, 'channel', 'id') ?? (user ? `user:${user}` : 'bot'),
    ...(user !== undefined && { user }),
    ...(text !== undefined && { text }),
    ...(tenant !== undefined && { tenant }),
    ...(sentAtMs !== undefined && { sentAtMs }),
    route: routeOf(body, id, type),
  }
}

/**
 * The guild, or whose installation it was: key 0 is a guild's (`0` in a chat with the bot), key 1 a user's.
 */
function tenantOf(body: unknown): string | undefined {
  const owner = (key: string) => textAt(body, 'authorizing_integration_owners', key)
  const guild = owner('0')
  return textAt(body, 'guild_id') ?? (guild === '0' ? undefined : guild) ?? owner('1')
}

/**
 * What an answer needs: the interaction's token, for 15 minutes, and the message that a component hangs on. A
 * form that a component opened names that message too, but its own answer is another.
 */
function routeOf(body: unknown, interaction: string, type: number): Record<string, string> {
  const application = textAt(body, 'application_id')
  const token = textAt(body, 'token')
  const message = textAt(body, 'message', 'id')
  return {
    interaction,
    ...(application !== undefined && { application }),
    ...(token !== undefined && { token }),
    ...(message !== undefined && { [type === modalSubmit ? 'openedFrom' : 'message']: message }),
  }
}
