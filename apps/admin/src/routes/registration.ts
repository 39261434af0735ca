import { BotId } from '@botyard/queue-contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { checkRegistration, type RegisterDeps, registerBot } from '../bots/register-bot.ts'
import { ErrorAnswer } from '../error-answer.ts'

const Params = Type.Object({ id: BotId }, { additionalProperties: false })
const errors = { '4xx': ErrorAnswer, '5xx': ErrorAnswer }
const RegistrationAnswer = Type.Object({
  state: Type.Union(
    [
      Type.Literal('registered'),
      Type.Literal('differs'),
      Type.Literal('refused'),
      Type.Literal('unreachable'),
    ],
    { description: 'What the platform says of the webhook.' },
  ),
  detail: Type.String({ description: 'The same as a sentence, with what to do.' }),
})

/** Where a platform has an API for it: telling it to call the webhook, and asking whether it does. */
export const registrationRoutes: FastifyPluginAsyncTypebox<RegisterDeps> = async (app, deps) => {
  app.get(
    '/bots/:id/registration',
    {
      config: { role: 'viewer' },
      schema: { params: Params, response: { 200: RegistrationAnswer, ...errors } },
    },
    async ({ params }) => checkRegistration(deps, params.id),
  )

  app.put(
    '/bots/:id/registration',
    {
      config: { role: 'operator' },
      schema: {
        params: Params,
        body: Type.Record(Type.String(), Type.Unknown(), {
          description: "The platform's options; {} for none.",
        }),
        response: { 200: RegistrationAnswer, ...errors },
      },
    },
    async ({ actor, params, body }) => registerBot(deps, actor, params.id, body),
  )
}
