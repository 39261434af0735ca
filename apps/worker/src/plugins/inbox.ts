import { type Drain, startDrain } from '@botyard/mailbox'
import { botOf, type ConversationKey } from '@botyard/queue-contracts'
import fp from 'fastify-plugin'
import type { BoxOptions } from '../box-options.ts'
import { createOnceStore } from '../data/once-store.ts'
import { judgeFailure } from '../failures/judge-failure.ts'
import { createDownloads } from '../handlers/download.ts'
import { createAcknowledge } from '../inbox/acknowledge.ts'
import { createHandleUpdate } from '../inbox/handle-update.ts'
import { createOnSettled } from '../inbox/on-settled.ts'
import { createReplyLoops } from '../inbox/reply-loops.ts'
import { createRespond } from '../inbox/respond.ts'
import { createShowTyping } from '../inbox/show-typing.ts'

/** What the inbox is told besides. */
export interface InboxOptions extends BoxOptions {
  /** Unless the bot's settings say otherwise. */
  readonly handlerTimeoutMs: number
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Runs the bots on the updates of conversations. */
    inbox: Drain
  }
}

const needs = [
  ...['adapters', 'bots', 'handlers', 'keyring', 'missingHandlers', 'naming', 'openData'],
  ...['redis', 'targets', 'tasks', 'tenantCredentials'],
]

/**
 * Works the inbox off: runs the bots, one conversation in order. Its last replies go to the outbox, which
 * closes after it.
 */
export default fp<InboxOptions>(
  async function inbox(
    app,
    { partitions, concurrency, handlerTimeoutMs, grace, logger, metrics, onTrouble },
  ) {
    const { adapters, bots, handlers, identities, keyring, missingHandlers, naming, openData, tasks } = app
    const { tenantCredentials } = app
    const { dispatcher } = app.targets
    const redis = app.redis.worker
    const botOfMail = (conversation: ConversationKey) => bots.get(botOf(conversation))
    const respond = createRespond({ redis, keyring })
    const acknowledge = createAcknowledge({
      ...{ adapters, bots, dispatcher, keyring, logger, respond, tenantCredentials },
    })
    const once = createOnceStore({ redis, keyring })

    const drain = startDrain({
      ...{ box: 'inbox', partitions, concurrency, redis, onTrouble },
      ...{ tokens: app.tokens, turns: app.turns, heartbeat: app.heartbeat },
      outbox: app.outbox,
      handle: createHandleUpdate({
        ...{ acknowledge, adapters, bots, handlers, identities, keyring, missingHandlers, naming },
        ...{ logger, metrics, once, openData, tasks, tracing: app.tracing },
        groups: app.turns.groups,
        download: createDownloads(dispatcher),
        loops: createReplyLoops(),
        respond,
        showTyping: createShowTyping({ adapters, dispatcher, tenantCredentials }),
      }),
      judge: (mail, error) =>
        judgeFailure({ keyring, box: 'inbox', bot: botOfMail(mail.conversation) }, mail, error),
      timeoutMsOf: conversation => botOfMail(conversation)?.settings.handlerTimeoutMs ?? handlerTimeoutMs,
      onSettled: createOnSettled({ acknowledge, bots, logger, metrics, once }),
    })
    app.decorate('inbox', drain)
    app.addHook('onClose', () => app.closedOrLost(drain.close(grace.leftMs())))
  },
  {
    name: 'inbox',
    fastify: '5.x',
    dependencies: ['heartbeat', 'outbox'],
    decorators: { fastify: needs },
  },
)
