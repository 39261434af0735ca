/**
 * The mailbox could not promise that an update is stored and woken: answer 503, the platform sends it again.
 */
export class MailboxUnavailableError extends Error {
  static readonly code = 'MBX_UNAVAILABLE'
  readonly code = MailboxUnavailableError.code

  constructor(options?: ErrorOptions) {
    super(
      'The update was not stored: Redis is away, too slow, out of memory or has too few replicas',
      options,
    )
  }
}

/** Redis's memory is so full that nothing more is taken in until workers have drained some: answer 503. */
export class MailboxFullError extends MailboxUnavailableError {
  override readonly message = 'The update was not stored: the memory of Redis is almost full, see maxmemory'
}

/**
 * A turn could not be carried out for one of its operations alone: its replies or its letter are more than
 * Redis or the client take.
 */
export class PoisonedTurnError extends Error {
  static readonly code = 'MBX_POISONED_TURN'
  readonly code = PoisonedTurnError.code

  constructor(options?: ErrorOptions) {
    super('What a handler answered could not be stored, alone neither', options)
  }
}

/** This deployment's Redis holds what a build with another layout left behind. */
export class OldLayoutError extends Error {
  static readonly code = 'MBX_OLD_LAYOUT'
  readonly code = OldLayoutError.code
  /** EX_CONFIG: another start would end the same way. */
  readonly exitCode = 78

  constructor() {
    super(
      'Redis holds mail in the layout of an earlier build: start its workers and no gateways until its backlog is 0, ' +
        "then delete the keys that begin with '{q' and start this build",
    )
  }
}

/**
 * Why a handler's signal was aborted: somebody else may hold its conversation by now, so its result would be
 * refused.
 */
export class HoldLostError extends Error {
  static readonly code = 'MBX_HOLD_LOST'
  readonly code = HoldLostError.code

  constructor() {
    super('The conversation was taken over by another worker')
  }
}

/** Nothing may leave yet: too few replicas know that this process holds the conversation. */
export class HoldUnconfirmedError extends Error {
  static readonly code = 'MBX_HOLD_UNCONFIRMED'
  readonly code = HoldUnconfirmedError.code

  constructor(options?: ErrorOptions) {
    super('Too few replicas have confirmed who sends this reply', options)
  }
}

/** Why a handler's signal was aborted: it took longer than its bot allows. Counts as a try. */
export class HandlerTimeoutError extends Error {
  static readonly code = 'MBX_HANDLER_TIMEOUT'
  readonly code = HandlerTimeoutError.code
  /** The name that `AbortSignal.timeout` gives too: senders tell a time-out from a shutdown by it. */
  override readonly name = 'TimeoutError'
  readonly timeoutMs: number

  constructor(timeoutMs: number) {
    super(`The handler took longer than ${timeoutMs} ms`)
    this.timeoutMs = timeoutMs
  }
}

/** Why a handler's signal was aborted: the worker shuts down and cannot wait any longer. Counts no try. */
export class ShutdownError extends Error {
  static readonly code = 'MBX_SHUTDOWN'
  readonly code = ShutdownError.code

  constructor() {
    super('The worker shuts down')
  }
}

/** The process that held this conversation died, several times, with nothing else suspect in it. */
export class CrashedError extends Error {
  static readonly code = 'MBX_CRASHED'
  readonly code = CrashedError.code

  constructor() {
    super('The process that ran this update died more than once')
  }
}
