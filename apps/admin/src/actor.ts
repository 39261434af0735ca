import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'

/** From the least to the most: each may do what those before it may. */
export const roles = ['viewer', 'operator', 'owner'] as const

/**
 * viewer reads; operator adds and changes bots; owner also replaces credentials, deletes and reads the audit
 * log.
 */
export const Role = Type.Union([Type.Literal('viewer'), Type.Literal('operator'), Type.Literal('owner')])
export type Role = Static<typeof Role>

const Claims = Type.Object({ sub: Type.String({ minLength: 1, maxLength: 200 }), role: Role })
const check = Compile(Claims)

/** Who makes a request, as the token says. */
export interface Actor {
  readonly subject: string
  readonly role: Role
}

/** The actor that a token's verified claims name, or undefined if they are none of ours. */
export function actorOf(claims: unknown): Actor | undefined {
  return check.Check(claims) ? { subject: claims.sub, role: claims.role } : undefined
}

/** Whether a role may do what another one may. */
export function includesRole(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed)
}
