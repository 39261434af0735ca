import { Readable } from 'node:stream'
import { createAuditLog, createBotStore } from '@botyard/control-database'
import { createBroadcastStore } from '@botyard/control-database/broadcasts'
import { BotId } from '@botyard/queue-contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { BotAdminDeps } from '../bots/bot-admin-deps.ts'
import { BroadcastAnswer, broadcastAnswer } from '../broadcasts/broadcast-schemas.ts'
import { uploadBroadcast } from '../broadcasts/upload-broadcast.ts'
import { ErrorAnswer } from '../error-answer.ts'
import {
  BroadcastEndedError,
  NdjsonExpectedError,
  UnknownBotError,
  UnknownBroadcastError,
} from '../errors.ts'

const Params = Type.Object({ id: BotId }, { additionalProperties: false })
const BroadcastId = Type.String({ pattern: '^[0-9a-f-]{36}$', description: 'As POST answered it.' })
const BroadcastParams = Type.Object({ id: BotId, broadcast: BroadcastId }, { additionalProperties: false })
const errors = { '4xx': ErrorAnswer, '5xx': ErrorAnswer }
const listed = 100
const pageSize = 1_000
const states = { pause: 'paused', resume: 'running', cancel: 'cancelled' } as const

/** Telling many chats the same, under the platform's limits. */
export const broadcastRoutes: FastifyPluginAsyncTypebox<BotAdminDeps> = async (app, deps) => {
  const bots = createBotStore(deps.db, deps.keyring)
  const broadcasts = createBroadcastStore(deps.db, deps.keyring)
  // Not read here: the route takes the lines as they come, so a million recipients need no more memory than
  // one page.
  app.addContentTypeParser('application/x-ndjson', (_request, payload, done) => done(null, payload))

  app.post(
    '/bots/:id/broadcasts',
    {
      config: { role: 'operator' },
      schema: {
        params: Params,
        querystring: Type.Object(
          { paused: Type.Optional(Type.Boolean({ description: 'true: wait for resume; default false.' })) },
          { additionalProperties: false },
        ),
        response: { 202: BroadcastAnswer, ...errors },
      },
    },
    async (request, reply) => {
      if (!(request.body instanceof Readable)) throw new NdjsonExpectedError()
      const options = { paused: request.query.paused ?? false }
      const broadcast = await uploadBroadcast(deps, request.actor, request.params.id, request.body, options)
      return reply.code(202).send(broadcastAnswer(broadcast))
    },
  )

  app.get(
    '/bots/:id/broadcasts',
    {
      config: { role: 'viewer' },
      schema: {
        params: Params,
        response: { 200: Type.Object({ broadcasts: Type.Array(BroadcastAnswer) }), ...errors },
      },
    },
    async ({ params: { id } }) => {
      if (!(await bots.get(id))) throw new UnknownBotError(id)
      return { broadcasts: (await broadcasts.list(id, listed)).map(broadcastAnswer) }
    },
  )

  app.get(
    '/bots/:id/broadcasts/:broadcast',
    {
      config: { role: 'viewer' },
      schema: { params: BroadcastParams, response: { 200: BroadcastAnswer, ...errors } },
    },
    async ({ params }) => broadcastAnswer(await find(params)),
  )

  for (const [verb, state] of Object.entries(states) as [
    keyof typeof states,
    (typeof states)[keyof typeof states],
  ][]) {
    app.post(
      `/bots/:id/broadcasts/:broadcast/${verb}`,
      {
        config: { role: 'operator' },
        schema: { params: BroadcastParams, response: { 200: BroadcastAnswer, ...errors } },
      },
      async ({ actor, params }) => {
        await find(params)
        const broadcast = await broadcasts.steer(params.id, params.broadcast, state)
        if (!broadcast) throw new BroadcastEndedError(params.broadcast)
        await createAuditLog(deps.db).append({
          actor: actor.subject,
          role: actor.role,
          action: `broadcast.${verb}`,
          target: params.id,
          details: { broadcast: params.broadcast },
        })
        return broadcastAnswer(broadcast)
      },
    )
  }

  app.get(
    '/bots/:id/broadcasts/:broadcast/results',
    // Chats' ids in clear: not for everybody who may look.
    { config: { role: 'operator' }, schema: { params: BroadcastParams } },
    async ({ params }, reply) => {
      await find(params)
      return reply.type('application/x-ndjson').send(Readable.from(lines(params.broadcast)))
    },
  )

  async function find({ id, broadcast }: { id: string; broadcast: string }) {
    const found = await broadcasts.get(id, broadcast)
    if (found) return found
    if (!(await bots.get(id))) throw new UnknownBotError(id)
    throw new UnknownBroadcastError(broadcast, id)
  }

  async function* lines(id: string): AsyncGenerator<string> {
    for (let from = 0; ; ) {
      const page = await broadcasts.results(id, from, pageSize)
      const last = page.at(-1)
      if (!last) return
      yield `${page.map(result => JSON.stringify(result)).join('\n')}\n`
      from = last.n + 1
    }
  }
}
