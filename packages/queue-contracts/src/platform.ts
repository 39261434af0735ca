import { type Static, Type } from 'typebox'

/** The platforms with an adapter; `custom` is the signed channel for everything that has none. */
export const Platform = Type.Union([Type.Literal('telegram'), Type.Literal('custom')], {
  description: 'The chat platform a bot lives on.',
})
export type Platform = Static<typeof Platform>
