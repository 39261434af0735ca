import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { ErrorAnswer } from '../error-answer.ts'
import { checkRetirement } from '../keys/check-retirement.ts'
import { keyProblems } from '../keys/key-problems.ts'
import { type KeyDeps, reportKeys } from '../keys/key-report.ts'
import { reencryptPart } from '../keys/reencrypt-part.ts'

const errors = { '4xx': ErrorAnswer, '5xx': ErrorAnswer }
const KeyId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,32}$' })
const Time = Type.Union([Type.String({ description: 'ISO 8601.' }), Type.Null()])
const Counts = Type.Record(Type.String(), Type.Integer())
const noQuery = Type.Object({}, { additionalProperties: false })

const KeyList = Type.Object({
  keys: Type.Array(
    Type.Object({
      id: Type.String(),
      fingerprint: Type.String({ description: 'Tells two keys of one id apart; nothing of the key.' }),
      firstSeenAt: Time,
      firstActiveAt: Time,
      lastActiveAt: Time,
      processes: Type.Integer({ description: 'How many live processes have it.' }),
      activeIn: Type.Integer({ description: 'How many seal with it.' }),
      uses: Counts,
    }),
  ),
  processes: Type.Array(
    Type.Object({
      process: Type.String(),
      active: Type.String(),
      activeForMs: Type.Integer(),
      keys: Type.Array(Type.String()),
    }),
  ),
  unknown: Type.Record(Type.String(), Counts, {
    description: 'What lies under keys that nobody has ever had, by key and place; the key "": no envelope.',
  }),
  complete: Type.Boolean({ description: 'False: not everything was counted in time.' }),
  problems: Type.Array(Type.String()),
})

const Cursor = Type.Object(
  {
    table: Type.String({ maxLength: 63 }),
    after: Type.Optional(
      Type.Array(Type.Union([Type.String({ maxLength: 500 }), Type.Integer()]), { maxItems: 4 }),
    ),
  },
  { additionalProperties: false },
)
const ReencryptBody = Type.Object(
  { from: Type.Optional(Cursor) },
  { additionalProperties: false, description: 'Where the part before ended: its `next`.' },
)
const ReencryptAnswer = Type.Object({
  active: Type.String({ description: 'The key that all is sealed with now.' }),
  changed: Counts,
  unreadable: Counts,
  next: Type.Optional(Cursor),
})
const RetirementAnswer = Type.Object({
  id: Type.String(),
  retirable: Type.Boolean(),
  reasons: Type.Array(Type.String()),
  needs: Counts,
  spoilt: Counts,
})

/** The keys of everything encrypted: their ages and uses, re-encryption, and whether one may go. */
export const keyRoutes: FastifyPluginAsyncTypebox<KeyDeps & { readonly settleMs: number }> = async (
  app,
  deps,
) => {
  app.get(
    '/keys',
    { config: { role: 'viewer' }, schema: { querystring: noQuery, response: { 200: KeyList, ...errors } } },
    async () => {
      const report = await reportKeys(deps)
      const { ages, rings, counts, complete } = report
      const known = new Set(ages.map(({ id }) => id))
      const usesOf = (id: string) =>
        Object.fromEntries(Object.entries(counts).flatMap(([place, of]) => (of[id] ? [[place, of[id]]] : [])))
      const ids = new Set(Object.values(counts).flatMap(of => Object.keys(of)))
      return {
        keys: ages.map(age => ({
          ...age,
          firstSeenAt: age.firstSeenAt.toISOString(),
          firstActiveAt: age.firstActiveAt?.toISOString() ?? null,
          lastActiveAt: age.lastActiveAt?.toISOString() ?? null,
          processes: rings.filter(({ keys }) => keys[age.id] === age.fingerprint).length,
          activeIn: rings.filter(({ active, keys }) => active === age.id && keys[age.id] === age.fingerprint)
            .length,
          uses: usesOf(age.id),
        })),
        processes: rings.map(({ member, active, activeForMs, keys }) => ({
          ...{ process: member, active, activeForMs },
          keys: Object.keys(keys),
        })),
        unknown: Object.fromEntries([...ids].filter(id => !known.has(id)).map(id => [id, usesOf(id)])),
        complete,
        problems: keyProblems(report),
      }
    },
  )

  app.post(
    '/keys/reencrypt',
    {
      config: { role: 'owner' },
      schema: { body: ReencryptBody, response: { 200: ReencryptAnswer, ...errors } },
    },
    async ({ actor, body }) => {
      const { next, ...done } = await reencryptPart(deps, actor, body.from)
      return {
        ...done,
        ...(next && { next: { table: next.table, ...(next.after && { after: [...next.after] }) } }),
      }
    },
  )

  app.get(
    '/keys/:id/retirement',
    {
      config: { role: 'viewer' },
      schema: {
        params: Type.Object({ id: KeyId }),
        querystring: noQuery,
        response: { 200: RetirementAnswer, ...errors },
      },
    },
    ({ params }) => checkRetirement(deps, params.id, deps.settleMs),
  )
}
