import type { VerifyResult } from '../adapter.ts'
import type { FormFields } from '../http/form-fields.ts'

/** Two letters that tell what it is, and 32 hexadecimal digits. */
const messageSid = /^(?:SM|MM|IM)[0-9a-f]{32}$/i
const conversationSid = /^CH[0-9a-f]{32}$/i

const shapes: ReadonlyMap<string, RegExp> = new Map([
  ['MessageSid', messageSid],
  ['SmsSid', messageSid],
  ['SmsMessageSid', messageSid],
  ['ConversationSid', conversationSid],
])

/** Whether a conversation is one of the Conversations API. */
export const isConversationSid = (text: string): boolean => conversationSid.test(text)

/**
 * Checks the ids of a form whose signature is good. What is signed does not say where a field ends, so an id
 * with the next field at its end, under which a call that was heard could come again, has the right signature
 * and the wrong shape.
 */
export function checkSids(fields: FormFields, accountSid: string): VerifyResult {
  for (const [name, shape] of shapes) {
    if (fields.get(name)?.some(value => !shape.test(value))) return { genuine: false, reason: 'malformed' }
  }
  const accounts = fields.get('AccountSid') ?? []
  // The debugger tells of accounts below the own one.
  const own = accountSid.toLowerCase()
  const isOwn =
    accounts.every(account => account.toLowerCase() === own) ||
    fields.get('ParentAccountSid')?.[0]?.toLowerCase() === own
  return isOwn ? { genuine: true } : { genuine: false, reason: 'mismatch' }
}
