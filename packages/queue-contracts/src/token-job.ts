import { type Static, Type } from 'typebox'

/** The version that this build writes. */
export const tokenJobVersion = 2

/**
 * The data of a BullMQ token job: nothing but its version, since what is ready stands in the mailbox. A job
 * of any version says the same, so none is refused. (Version 1 named conversations; its queues have other
 * names.)
 */
export const TokenJob = Type.Object({ v: Type.Integer() })
export type TokenJob = Static<typeof TokenJob>
