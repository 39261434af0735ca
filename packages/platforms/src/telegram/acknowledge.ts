import type { InboundUpdate } from '@botyard/queue-contracts'
import type { Content } from '../adapter.ts'
import { queries, queryOfMethod } from './queries.ts'

/** Answers the query that the update is, unless the handler has. */
export function acknowledgeTelegram(
  { route }: Pick<InboundUpdate, 'route'>,
  said: readonly Content[],
): Content | undefined {
  if (route === undefined) return undefined
  const query = queries.find(({ id }) => route[id] !== undefined)
  if (query?.unanswered === undefined) return undefined
  const id = route[query.id]!
  if (said.some(({ native }) => native !== undefined && answers(native, query.id, id))) return undefined
  return { native: { ...query.unanswered, [query.id]: id } }
}

/** Whether a message answers this query: without an id it is meant for the one that the update is. */
function answers(native: NonNullable<Content['native']>, name: string, id: string): boolean {
  if (typeof native.method !== 'string' || queryOfMethod(native.method)?.id !== name) return false
  return native[name] === undefined || native[name] === id
}
