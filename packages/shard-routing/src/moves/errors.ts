/** The shards are not fit for the move, each reason a sentence; nothing has been changed. */
export class MoveRefusedError extends Error {
  static readonly code = 'SHD_MOVE_REFUSED'
  readonly code = MoveRefusedError.code
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The move cannot be made: ${problems.join('; ')}`)
    this.problems = problems
  }
}

/** One of the shards takes part in another move. */
export class MoveConflictError extends Error {
  static readonly code = 'SHD_MOVE_CONFLICT'
  readonly code = MoveConflictError.code
  readonly move: string

  constructor(shard: string, move: string) {
    super(`The shard ${shard} takes part in the move ${move}: wait until it has ended, or cancel it`)
    this.move = move
  }
}

/** The command does not fit the state of the move. */
export class MoveStateError extends Error {
  static readonly code = 'SHD_MOVE_STATE'
  readonly code = MoveStateError.code

  constructor(move: string, problem: string) {
    super(`The move ${move} ${problem}`)
  }
}

/** There is no such move. */
export class UnknownMoveError extends Error {
  static readonly code = 'SHD_MOVE_UNKNOWN'
  readonly code = UnknownMoveError.code

  constructor(move: string) {
    super(`There is no move "${move}"`)
  }
}

/** The move cannot go on by waiting: before the switch it is undone, after it a person must look. */
export class MoveFailedError extends Error {
  static readonly code = 'SHD_MOVE_FAILED'
  readonly code = MoveFailedError.code
}

/** Another process works on the move by now, so this one stops. */
export class MoveLeaseLostError extends Error {
  static readonly code = 'SHD_MOVE_LEASE_LOST'
  readonly code = MoveLeaseLostError.code

  constructor(move: string) {
    super(`The move ${move} belongs to another process by now, or was cancelled`)
  }
}
