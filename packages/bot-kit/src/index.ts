export { type Generated, sql } from 'kysely'
export type { BotMigration } from './bot-migration.ts'
export type { BotTypes } from './bot-types.ts'
export type { BotContext, Command, CommandContext, Handler, Log } from './context.ts'
export { type BotDefinition, type BotParts, defineBot, isBotDefinition } from './define-bot.ts'
export { createDownload, type Download, type DownloadOptions, type OpenDownload } from './download.ts'
export {
  BotDefinitionError,
  DataConflictError,
  DataError,
  DownloadError,
  DownloadTooLargeError,
  NoUserError,
  OnceError,
  ReplyError,
  TaskCrashedError,
  TaskFailedError,
  TaskQueueFullError,
  TaskTimeoutError,
} from './errors.ts'
export type { Invocation } from './invocation.ts'
export type { MessageLimits } from './message-limits.ts'
export type { OnceStore } from './once.ts'
export { parseLossless } from './parse-lossless.ts'
export type { Reply } from './reply.ts'
export { type Outcome, runBot } from './run-bot.ts'
export { buffersOf, defineTask, handOver, type RunOptions, type RunTask, type Task } from './task.ts'
export type { BotUser, CommandCache, Session, State, StateValues, UserData } from './user-data.ts'
export { whyNotJson } from './why-not-json.ts'
