import type { BotId, BoxName, ConversationKey } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import type { Heartbeat } from '../process/heartbeat.ts'
import type { Settled } from '../turns/settlement.ts'
import type { Turns } from '../turns/turns.ts'
import type { Tokens } from '../wake/tokens.ts'
import type { Disposition } from './disposition.ts'
import type { HeldFrom } from './held-conversation.ts'
import type { HoldGuard } from './hold-guard.ts'
import type { Mail } from './mail.ts'

/** What a drain does with the mail of one box. */
export interface DrainOptions {
  readonly box: BoxName
  readonly partitions: number
  readonly redis: Redis
  readonly tokens: Tokens
  readonly turns: Turns
  readonly heartbeat: Heartbeat
  /** Conversations in hand at once. */
  readonly concurrency: number
  /**
   * Handles one entry; may throw. Its signal aborts when the hold is lost, the time is up or the worker shuts
   * down.
   */
  readonly handle: (mail: Mail, signal: AbortSignal) => Promise<Disposition>
  /** Decides about an entry whose handler threw, timed out or was aborted. Must not throw. */
  readonly judge: (mail: Mail, error: unknown) => Disposition
  readonly timeoutMsOf: (conversation: ConversationKey) => number
  /** Asked before each entry is handled: what leaves the process must not be news to another primary. */
  readonly holdGuard?: Pick<HoldGuard, 'confirm'>
  /** Sends the replies of what is handled here, in the same breath if it has a place. */
  readonly outbox?: Pick<Drain, 'reserve' | 'begin' | 'giveBack'>
  /** Called once per settled entry. */
  readonly onSettled?: (mail: Mail, disposition: Disposition, settled: Settled['status']) => void
  /** Called when something failed that the next token or the sweeper mends. */
  readonly onTrouble?: (error: unknown) => void
  readonly quota?: { readonly updates: number; readonly ms: number }
  /** How long an aborted handler may take to end before its conversation goes on without it. */
  readonly abortGraceMs?: number
}

/** Works one box off, in all partitions. */
export interface Drain {
  /** Takes a place for a conversation of a bot, for {@link Drain.begin}, unless there is none for it. */
  reserve(bot: BotId): boolean
  /** Gives a reserved place back. */
  giveBack(): void
  /** Runs a conversation that a turn gave this process, on a reserved place. */
  begin(from: HeldFrom): void
  /** Conversations in hand. */
  readonly holding: number
  /** Whether one more could be taken. */
  readonly hasPlaces: boolean
  /** Takes no more until told otherwise; what is in hand goes on. */
  pause(isPaused: boolean): void
  /** Grows with every claim and settle that Redis has answered. */
  readonly moves: number
  /** Takes no more, lets handlers end (aborts them after `graceMs`), hands back what is left. */
  close(graceMs: number): Promise<void>
}
