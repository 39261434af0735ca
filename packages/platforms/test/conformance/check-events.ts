import assert from 'node:assert/strict'
import type { NormalisedUpdate } from '../../src/index.ts'
import type { DocumentedEvent, ExpectedPlace } from './documented-event.ts'
import { requestOfCall } from './request-of-call.ts'
import { type Subject, updatesOf } from './subject.ts'

/** The adapter knows the events of the platform's table and no others, and each goes where the table says. */
export async function checkEvents(subject: Subject): Promise<string> {
  const { adapter, events } = subject.case
  assert.ok(events, 'the case has no table of events')
  assert.ok(adapter.events, 'the adapter names the events that it knows')
  assert.deepEqual(
    [...new Set(events.map(({ event }) => event))].sort(),
    [...adapter.events].sort(),
    'events by name',
  )
  for (const event of events) {
    assert.match(event.docs, /^https:\/\/\S+$/, `${event.event} names the page that documents it`)
    const updates = await updatesOfEvent(subject, event)
    const found = updates.map(update => placeOf(update, event.expected))
    assert.deepEqual(found, event.expected.map(comparable), `${event.event}: ${JSON.stringify(event.body)}`)
    for (const update of updates) assert.equal(update.event, event.event, `${event.event}: name of the event`)
  }
  checkFixtureEvents(subject)
  return String(adapter.events.size)
}

/** What the gateway makes of a documented event; it answers handshakes itself. */
export async function updatesOfEvent(subject: Subject, event: DocumentedEvent): Promise<NormalisedUpdate[]> {
  const request = await requestOfCall(subject, event)
  if (subject.case.adapter.handshake?.(request) !== undefined) return []
  return subject.case.adapter.normalise(request, subject.case.questions.identity)
}

/** Recorded payloads are of documented events, or the case says which are not. */
function checkFixtureEvents(subject: Subject): void {
  const { adapter, undocumented = [] } = subject.case
  for (const { sample, updates } of updatesOf(subject)) {
    for (const { event, kind } of updates) {
      const isKnown = event !== undefined && adapter.events.has(event)
      assert.equal(
        isKnown,
        !undocumented.includes(sample.file),
        `${sample.file}: ${event} is in the table of events`,
      )
      assert.ok(
        isKnown || kind === 'other',
        `${sample.file}: an event that is not known is other, not ${kind}`,
      )
    }
  }
}

function placeOf(
  { kind, conversation, user, route, fromBot, text }: NormalisedUpdate,
  expected: readonly ExpectedPlace[],
): object {
  const isTextNamed = expected.some(place => place.text !== undefined)
  return comparable({
    kind,
    conversation,
    user,
    route,
    fromBot,
    ...(isTextNamed && { text }),
  } as ExpectedPlace)
}

/** Absent and undefined are one; an empty route is none. */
function comparable({ kind, conversation, user, route, fromBot, text }: ExpectedPlace): object {
  return {
    kind,
    conversation,
    user,
    route: route && Object.keys(route).length > 0 ? { ...route } : undefined,
    fromBot,
    text,
  }
}
