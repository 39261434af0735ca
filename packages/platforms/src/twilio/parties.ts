import type { NormalisedUpdate } from '../adapter.ts'

/** Who takes part: our own number or sender, theirs, and the messaging service that chose ours. */
export interface Parties {
  readonly ours: string | undefined
  readonly theirs: string | undefined
  readonly service: string | undefined
}

/** Conversation, user and how to answer; a status callback names the two sides the other way round. */
export function placeOf({
  ours,
  theirs,
  service,
}: Parties): Pick<NormalisedUpdate, 'conversation' | 'user' | 'route'> {
  const route = { ...(ours !== undefined && { from: ours }), ...(service !== undefined && { service }) }
  const fallback = theirs === undefined ? 'bot' : `user:${theirs}`
  return {
    conversation: ours === undefined || theirs === undefined ? fallback : `${ours}/${theirs}`,
    ...(theirs !== undefined && { user: theirs }),
    ...(Object.keys(route).length > 0 && { route }),
  }
}
