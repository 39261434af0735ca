import assert from 'node:assert/strict'
import { updatesOfEvent } from './check-events.ts'
import type { Subject } from './subject.ts'

/** What asks the bot to stop is of the kind `stop`, and the adapter names it. */
export async function checkStopEvent(subject: Subject): Promise<string> {
  const { adapter, events } = subject.case
  assert.ok(events, 'the case has no table of events')
  const { stopEvent } = adapter.duties
  const stops = events
    .filter(({ expected }) => expected.some(({ kind }) => kind === 'stop'))
    .map(({ event }) => event)
  assert.equal(
    stopEvent !== undefined,
    stops.length > 0,
    `duties.stopEvent names the events of kind stop: ${stops}`,
  )
  for (const event of stops) assert.ok(stopEvent?.includes(event), `duties.stopEvent names ${event}`)
  return stopEvent ?? 'none'
}

/** A platform that shows that it waits is told when the handler has ended, and the adapter says how. */
export async function checkAcknowledgement(subject: Subject): Promise<string> {
  const { adapter, events } = subject.case
  assert.ok(events, 'the case has no table of events')
  const updates = (await Promise.all(events.map(event => updatesOfEvent(subject, event)))).flat()
  const acknowledged = updates.filter(update => adapter.acknowledge?.(update, [], 'handled') !== undefined)
  const { acknowledgement } = adapter.duties
  assert.equal(
    acknowledgement !== undefined,
    acknowledged.length > 0,
    'duties.acknowledgement says how, if it is done',
  )
  return acknowledgement ?? 'none'
}
