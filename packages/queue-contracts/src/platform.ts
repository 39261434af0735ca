import { type Static, Type } from 'typebox'

/** The platforms with an adapter; `custom` is the signed channel for everything that has none. */
export const Platform = Type.Union(
  [
    Type.Literal('telegram'),
    Type.Literal('discord'),
    Type.Literal('slack'),
    Type.Literal('whatsapp'),
    Type.Literal('messenger'),
    Type.Literal('instagram'),
    Type.Literal('line'),
    Type.Literal('viber'),
    Type.Literal('twilio'),
    Type.Literal('teams'),
    Type.Literal('google-chat'),
    Type.Literal('github'),
    Type.Literal('mattermost'),
    Type.Literal('zulip'),
    Type.Literal('custom'),
  ],
  { description: 'The chat platform a bot lives on.' },
)
export type Platform = Static<typeof Platform>

/** The names of all platforms: the one list of them. */
export const platformNames: readonly Platform[] = Platform.anyOf.map(({ const: name }) => name)
