import type { Command } from './command.ts'
import { botsList } from './commands/bots-list.ts'

/** Every command, in the order that help shows them. */
export const commands: readonly Command[] = [botsList]
