import type { Command } from './command.ts'
import { botsList } from './commands/bots-list.ts'
import { deadLettersDiscard, deadLettersList, deadLettersRetry } from './commands/dead-letters.ts'
import { keysReencrypt } from './commands/keys-reencrypt.ts'
import { keysRetireCheck } from './commands/keys-retire-check.ts'
import { keysStatus } from './commands/keys-status.ts'
import { shardsAdd } from './commands/shards-add.ts'
import { shardsList } from './commands/shards-list.ts'
import { shardsCancel, shardsMove, shardsResume, shardsSplit } from './commands/shards-move.ts'
import { shardsMoves } from './commands/shards-moves.ts'

/** Every command, in the order that help shows them. */
export const commands: readonly Command[] = [
  ...[botsList, keysStatus, keysReencrypt, keysRetireCheck],
  ...[deadLettersList, deadLettersRetry, deadLettersDiscard],
  ...[shardsList, shardsAdd, shardsSplit, shardsMove, shardsMoves, shardsResume, shardsCancel],
]
