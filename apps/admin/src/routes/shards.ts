import type { Keyring } from '@botyard/service-kit'
import { createMoveStore } from '@botyard/shard-routing/moves'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { ErrorAnswer } from '../error-answer.ts'
import { addShard } from '../shards/add-shard.ts'
import { listShards } from '../shards/list-shards.ts'
import type { ShardDeps } from '../shards/shard-deps.ts'
import { MoveAnswer, moveAnswer, NewMoveBody, NewShardBody, ShardList } from '../shards/shard-schemas.ts'
import { answered, cancelMove, resumeMove, startMove } from '../shards/steer-moves.ts'

const errors = { '4xx': ErrorAnswer, '5xx': ErrorAnswer }
const defaultLimit = 20

const Params = Type.Object(
  { move: Type.String({ pattern: '^[a-z0-9]{1,32}$' }) },
  { additionalProperties: false },
)
const Page = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: '1 to 1000, default 20.' })),
  },
  { additionalProperties: false },
)
const Registered = Type.Object({
  status: Type.String({ description: 'registered, changed (other hosts than before), or same.' }),
})

/** The user shards, and the moves of keys between them. */
export const shardRoutes: FastifyPluginAsyncTypebox<ShardDeps & { keyring: Keyring }> = async (app, deps) => {
  const moves = createMoveStore(deps.moves.control)

  app.get(
    '/shards',
    { config: { role: 'viewer' }, schema: { response: { 200: ShardList, ...errors } } },
    () => listShards(deps.moves),
  )

  app.post(
    '/shards',
    { config: { role: 'owner' }, schema: { body: NewShardBody, response: { 200: Registered, ...errors } } },
    ({ actor, body }) => addShard(deps, actor, body),
  )

  app.get(
    '/shards/moves',
    {
      config: { role: 'viewer' },
      schema: {
        querystring: Page,
        response: { 200: Type.Object({ moves: Type.Array(MoveAnswer) }), ...errors },
      },
    },
    async ({ query: { limit = defaultLimit } }) => ({ moves: (await moves.list(limit)).map(moveAnswer) }),
  )

  app.post(
    '/shards/moves',
    { config: { role: 'owner' }, schema: { body: NewMoveBody, response: { 202: MoveAnswer, ...errors } } },
    async ({ actor, body }, reply) => reply.code(202).send(moveAnswer(await startMove(deps, actor, body))),
  )

  app.get(
    '/shards/moves/:move',
    { config: { role: 'viewer' }, schema: { params: Params, response: { 200: MoveAnswer, ...errors } } },
    async ({ params: { move } }) => moveAnswer(await answered(moves.get(move))),
  )

  for (const [verb, steer] of [
    ['cancel', cancelMove],
    ['resume', resumeMove],
  ] as const) {
    app.post(
      `/shards/moves/:move/${verb}`,
      { config: { role: 'owner' }, schema: { params: Params, response: { 202: MoveAnswer, ...errors } } },
      async ({ actor, params: { move } }, reply) =>
        reply.code(202).send(moveAnswer(await steer(deps, actor, move))),
    )
  }
}
