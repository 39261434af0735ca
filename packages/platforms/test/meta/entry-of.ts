import type { DocumentedEvent, ExpectedPlace } from '../conformance/documented-event.ts'

/** The page or account, and a user of it. */
export const page = '17841400000000000'
export const user = '200000000000001'

/** A call that brings one event in a list of an entry. */
export function entryOf(object: 'page' | 'instagram', list: string, event: object): object {
  return { object, entry: [{ id: page, time: 1_458_692_752_478, [list]: [event] }] }
}

/** An event between the user and the page. */
export const between = (content: object) => ({
  sender: { id: user },
  recipient: { id: page },
  timestamp: 1_458_692_752_478,
  ...content,
})

export const place: ExpectedPlace = { kind: 'other', conversation: `${page}:${user}`, user }
export const ofPage: ExpectedPlace = { kind: 'other', conversation: `page:${page}` }

/** Rows of a product's table. */
export function rowsOf(object: 'page' | 'instagram', docsOf: (field: string) => string) {
  const row = (event: string, list: string, body: object, expected: ExpectedPlace): DocumentedEvent => ({
    event,
    docs: docsOf(event),
    body: entryOf(object, list, body),
    expected: [expected],
  })
  return {
    messaging: (event: string, content: object, expected: Partial<ExpectedPlace> = {}) =>
      row(event, 'messaging', between(content), { ...place, ...expected }),
    change: (field: string, value: unknown, expected: Partial<ExpectedPlace> = {}) =>
      row(field, 'changes', { field, value }, { ...ofPage, ...expected }),
    other: row,
  }
}
