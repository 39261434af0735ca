import { type Static, Type } from 'typebox'

/**
 * What an update is, over all platforms; a kind nobody knows yet is `other`, never refused. `modal` is a form
 * that was sent in or closed, `autocomplete` asks for choices while the user types, `status` tells what
 * became of a message, `stop` asks the bot to stop what it is writing.
 */
export const UpdateKind = Type.Union([
  Type.Literal('message'),
  Type.Literal('edit'),
  Type.Literal('command'),
  Type.Literal('button'),
  Type.Literal('reaction'),
  Type.Literal('membership'),
  Type.Literal('modal'),
  Type.Literal('autocomplete'),
  Type.Literal('status'),
  Type.Literal('stop'),
  Type.Literal('other'),
])
export type UpdateKind = Static<typeof UpdateKind>
