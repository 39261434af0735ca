import type { Bot, BotDirectory } from '@botyard/control-database'
import type { PlatformAdapter } from '@botyard/platforms'
import type { Platform } from '@botyard/queue-contracts'
import { countedAddress, type ReportSecurityEvent } from '@botyard/service-kit'
import type { Pressure } from '@botyard/service-kit/pressure'
import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  AddressBusyError,
  BodyTooLargeError,
  BotUnreadableError,
  GatewayBusyError,
  NotFoundError,
  OverloadedError,
  StoreUnavailableError,
} from '../../errors.ts'
import { largeBytes } from '../../large/large-calls.ts'
import type { BodyBudget, BodyRoom } from '../../limits/body-budget.ts'
import { isRedelivered } from '../../limits/is-redelivered.ts'
import type { StoreRoom } from '../../store-room.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What a webhook call is for; null on any other route, and before it was found. */
    hook: Hook | null
  }
}

/** What a webhook call is for. */
export interface Hook {
  readonly adapter: PlatformAdapter
  /** Undefined if there is no such bot; the caller must not be able to tell. */
  readonly bot: Bot | undefined
  /** The id in the address, the bot's or not. */
  readonly askedFor: string
  /** The largest body that is read, in bytes. */
  readonly maxBytes: number
  readonly room: BodyRoom
  readonly startedAt: number
}

/** What finding needs. */
export interface FindHookDeps {
  readonly adapters: Readonly<Record<Platform, PlatformAdapter>>
  readonly bots: Pick<BotDirectory, 'get' | 'isUnreadable'>
  readonly budget: BodyBudget
  readonly pressure: Pick<Pressure, 'level'>
  readonly security: ReportSecurityEvent
  readonly maxBodyBytes: number
  /** What waits of a bot at most, unless its settings say otherwise. */
  readonly maxBacklog: { readonly bytes: number }
  readonly room: Pick<StoreRoom, 'maxBytes' | 'fits'>
}

/**
 * An `onRequest` hook: finds the bot and makes room for the body before any of it is read. An unknown bot
 * passes as one whose secret is wrong, so the answer tells a stranger who guesses ids nothing.
 */
export function createFindHook(deps: FindHookDeps) {
  const { adapters, bots, budget, pressure, security, room: storeRoom } = deps
  return function findHook(
    request: FastifyRequest,
    reply: FastifyReply,
    done: (error?: Error) => void,
  ): void {
    const { platform, botId } = request.params as { platform: string; botId: string }
    if (!Object.hasOwn(adapters, platform)) {
      done(new NotFoundError())
      return
    }
    const adapter = adapters[platform as Platform]
    const { level } = pressure
    if (level === 'critical' || (level === 'high' && isRedelivered(adapter.platform, contentType(request)))) {
      done(new OverloadedError())
      return
    }
    const found = bots.get(botId)
    if (!found && bots.isUnreadable(botId)) {
      done(new BotUnreadableError())
      return
    }

    const bot = found?.platform === platform ? found : undefined
    const maxBytes = Math.min(
      adapter.maxBodyBytes,
      deps.maxBodyBytes,
      bot?.settings.maxBacklog?.bytes ?? deps.maxBacklog.bytes,
      storeRoom.maxBytes(),
    )
    const announced = Number(request.headers['content-length'] ?? 0)
    if (announced > maxBytes) {
      refuseBody(reply, new BodyTooLargeError(), done)
      return
    }
    if (announced >= largeBytes && !storeRoom.fits(announced)) {
      refuseBody(reply, new StoreUnavailableError(), done)
      return
    }
    const room = budget.take(countedAddress(request.clientIp), announced)
    if (room === 'process') {
      refuseBody(reply, new GatewayBusyError(), done)
      return
    }
    if (room === 'address') {
      security('security.limit_refused', { limit: 'bytes', ip: request.clientIp })
      refuseBody(reply, new AddressBusyError(), done)
      return
    }
    // Never throws: it counts down.
    reply.raw.once('close', () => room.release())
    request.hook = { adapter, bot, askedFor: botId, maxBytes, room, startedAt: performance.now() }
    done()
  }
}

function contentType({ headers }: FastifyRequest): string | undefined {
  return headers['content-type']
}

/** Kept open, the connection would have to take in all of the body to get to the next call. */
function refuseBody(reply: FastifyReply, error: Error, done: (error: Error) => void): void {
  reply.header('connection', 'close')
  done(error)
}
