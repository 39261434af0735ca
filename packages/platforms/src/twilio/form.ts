import type { NormalisedUpdate } from '../adapter.ts'

/** Finds a field by its name, which Twilio spells with a capital. */
export type Field = (name: string) => string | undefined

/** What an update says but for its raw form. */
export type ReadUpdate = Omit<NormalisedUpdate, 'raw'>
