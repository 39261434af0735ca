import type { Broadcast } from '@botyard/control-database/broadcasts'
import { type Static, Type } from 'typebox'

/** The first line of an upload: what everybody is told. */
export const MessageLine = Type.Union(
  [
    Type.Object({ text: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
    Type.Object({ native: Type.Record(Type.String(), Type.Unknown()) }, { additionalProperties: false }),
  ],
  { description: 'the message, {"text":"…"} or {"native":{…}} as the platform documents it' },
)

const ChatId = Type.String({ minLength: 1, maxLength: 512 })

/** Every further line: a recipient, the chat's id alone or with what its platform needs besides. */
export const RecipientLine = Type.Union(
  [
    ChatId,
    Type.Object(
      {
        conversation: ChatId,
        tenant: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
        route: Type.Optional(Type.Record(Type.String(), Type.String())),
      },
      { additionalProperties: false },
    ),
  ],
  {
    description:
      'a recipient, the platform\'s chat id as a string, or {"conversation":"…","tenant":"…","route":{…}}',
  },
)
export type RecipientLine = Static<typeof RecipientLine>

const Count = Type.Integer({ minimum: 0 })
const Time = Type.String({ description: 'ISO 8601.' })

/** A broadcast as it is shown. */
export const BroadcastAnswer = Type.Object({
  id: Type.String(),
  bot: Type.String(),
  state: Type.Union(
    [
      Type.Literal('uploading'),
      Type.Literal('running'),
      Type.Literal('paused'),
      Type.Literal('cancelled'),
      Type.Literal('done'),
    ],
    {
      description:
        'Messages under way when it is paused or cancelled, a few seconds\u2019 worth, are still sent.',
    },
  ),
  recipients: Count,
  released: Count,
  sent: Count,
  failed: Count,
  uncertain: Count,
  createdAt: Time,
  endedAt: Type.Optional(Time),
})
export type BroadcastAnswer = Static<typeof BroadcastAnswer>

/** Shows a broadcast. */
export function broadcastAnswer({ createdAt, endedAt, ...rest }: Broadcast): BroadcastAnswer {
  return { ...rest, createdAt: createdAt.toISOString(), ...(endedAt && { endedAt: endedAt.toISOString() }) }
}
