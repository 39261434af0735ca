import type { DocumentedEvent, ExpectedPlace } from './documented-event.ts'
import { tableOf } from './markdown-table.ts'
import { whereFrom } from './where-from.ts'

/**
 * A platform's event types for the documentation: what each becomes, and where in its body the place stands.
 */
export function eventsTable(events: readonly DocumentedEvent[]): string[] {
  const rows = events.flatMap(event => {
    const name = `[${event.event}](${event.docs})`
    if (event.expected.length === 0) return [[name, 'nothing', '', '', '']]
    const places = event.expected.map(place => cellsOf(place, event.body))
    const distinct = new Map(places.map(cells => [cells.join('\n'), cells]))
    return [...distinct.values()].map(cells => [name, ...cells])
  })
  const distinct = new Map(rows.map(cells => [cells.join('\n'), cells]))
  return tableOf(['event', 'becomes', 'conversation', 'user', 'route'], [...distinct.values()])
}

function cellsOf({ kind, conversation, user, route = {}, fromBot }: ExpectedPlace, body: object): string[] {
  return [
    fromBot ? `${kind}, from a bot` : kind,
    `\`${whereFrom(conversation, body, 'conversation')}\``,
    user === undefined ? '' : `\`${whereFrom(user, body, 'user')}\``,
    Object.entries(route)
      .map(([name, value]) => `${name} \`${whereFrom(value, body)}\``)
      .join('<br>'),
  ]
}
