import { Type } from 'typebox'

/** How many entries of a list a caller wants; {@link defaultLimit} if it does not say. */
export const Limit = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 500, default: 100, description: '1 to 500, default 100.' }),
)
export const defaultLimit = 100
