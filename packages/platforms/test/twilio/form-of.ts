import type { DocumentedEvent, ExpectedPlace } from '../conformance/documented-event.ts'

export const account = `AC${'0'.repeat(32)}`
export const service = `MG${'0'.repeat(32)}`
export const ours = '+12055550100'
export const theirs = '+14155550100'

export const formType = 'application/x-www-form-urlencoded'

/** The fields that every message has. */
export const message = {
  MessageSid: `SM${'a'.repeat(32)}`,
  SmsSid: `SM${'a'.repeat(32)}`,
  AccountSid: account,
  From: theirs,
  To: ours,
  SmsStatus: 'received',
  NumMedia: '0',
}

/** Where messages between the two numbers are. */
export const place = { conversation: `${ours}/${theirs}`, user: theirs, route: { from: ours } }

/** A form and what it becomes. */
export function form(event: string, docs: string, body: object, expected: ExpectedPlace): DocumentedEvent {
  return { event, docs, body: filled(body), contentType: formType, expected: [expected] }
}

/** The fields that have a value. */
export function filled(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
