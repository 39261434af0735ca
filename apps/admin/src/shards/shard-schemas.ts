import { postgresUrl } from '@botyard/service-kit'
import type { ShardMove } from '@botyard/shard-routing/moves'
import { type Static, Type } from 'typebox'

const ShardId = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,31}$' })
/** Beyond JSON's numbers. */
const Key = Type.String({ pattern: '^[0-9]{1,19}$', description: 'A user key, decimal: 0 … 2^63 as an end.' })
const Host = postgresUrl({ maxLength: 2_000, description: 'postgres://…, with its password.' })
const Hosts = Type.Array(Host, { minItems: 1, maxItems: 16 })

/** The body of POST /shards. */
export const NewShardBody = Type.Object(
  { id: ShardId, hosts: Hosts, directHosts: Type.Optional(Hosts) },
  { additionalProperties: false },
)
export type NewShardBody = Static<typeof NewShardBody>

/** The body of POST /shards/moves. */
export const NewMoveBody = Type.Object(
  {
    source: ShardId,
    target: ShardId,
    from: Type.Optional(Key),
    to: Type.Optional(Key),
    split: Type.Optional(
      Type.Boolean({
        description: 'Without bounds: the upper half of the largest range rather than the only one.',
      }),
    ),
  },
  { additionalProperties: false },
)
export type NewMoveBody = Static<typeof NewMoveBody>

const Range = Type.Object({ from: Key, to: Key })

export const ShardList = Type.Object({
  mapVersion: Type.Union([Type.Integer(), Type.Null()]),
  shards: Type.Array(
    Type.Object({
      id: ShardId,
      hosts: Type.Array(Type.String({ description: 'name:port; never user or password.' })),
      ranges: Type.Array(Range),
      share: Type.Number({ description: 'Of the key space, 0 to 1.' }),
    }),
  ),
})

export const MoveAnswer = Type.Object({
  id: Type.String(),
  source: ShardId,
  target: ShardId,
  from: Key,
  to: Key,
  step: Type.String({ description: 'What is done next; from flip on it cannot be cancelled.' }),
  state: Type.String({ description: 'running, cancelling, done, cancelled or failed.' }),
  error: Type.Union([Type.String(), Type.Null()], { description: 'What it failed at, or waits for.' }),
  runner: Type.Union([Type.String(), Type.Null()]),
  progress: Type.Object({
    rows: Type.Integer({ description: "The planner's guess of the rows to copy." }),
    copiedRows: Type.Integer(),
    copiedBytes: Type.Integer(),
    tables: Type.Integer(),
    tablesReady: Type.Integer(),
    lagBytes: Type.Optional(Type.Integer({ description: 'WAL that the target has yet to confirm.' })),
    applyErrors: Type.Optional(
      Type.Integer({ description: "Of the target's Postgres, whose log says what." }),
    ),
    attempts: Type.Optional(Type.Integer({ description: 'How often the switch was tried.' })),
    rehearsalPauseMs: Type.Optional(Type.Integer()),
    pauseMs: Type.Optional(Type.Integer({ description: 'How long writes of the range were refused.' })),
    rowsCompared: Type.Optional(Type.Integer()),
    comparedAtSwitch: Type.Optional(Type.Boolean()),
    deletedRows: Type.Optional(Type.Integer()),
  }),
  createdAt: Type.String({ description: 'ISO 8601.' }),
  updatedAt: Type.String({ description: 'ISO 8601.' }),
  endedAt: Type.Union([Type.String(), Type.Null()]),
})
export type MoveAnswer = Static<typeof MoveAnswer>

/** Shows a move. */
export function moveAnswer({
  counts,
  from,
  to,
  createdAt,
  updatedAt,
  endedAt,
  ...move
}: ShardMove): MoveAnswer {
  const { tables = {}, subscription: _, fencedAtMs: __, mapVersion: ___, ...rest } = counts
  const all = Object.values(tables)
  const sum = (of: 'rows' | 'copiedRows' | 'copiedBytes') =>
    all.reduce((total, table) => total + table[of], 0)
  return {
    ...move,
    from: String(from),
    to: String(to),
    progress: {
      ...{ rows: sum('rows'), copiedRows: sum('copiedRows'), copiedBytes: sum('copiedBytes') },
      ...{ tables: all.length, tablesReady: all.filter(table => table.ready).length },
      ...rest,
    },
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  }
}
