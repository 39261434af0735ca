import type { ErrorMeaning } from '../meta/graph-error.ts'

const recipient: ErrorMeaning = { blame: 'recipient' }
const credentials: ErrorMeaning = { blame: 'credentials' }
const again: ErrorMeaning = { again: true }

/** Codes of the Cloud API: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes. */
const meanings: ReadonlyMap<number, ErrorMeaning> = new Map<number, ErrorMeaning>([
  [0, credentials],
  [3, credentials],
  [130_472, recipient],
  [131_000, again],
  [131_005, credentials],
  [131_016, again],
  [131_021, recipient],
  [131_026, recipient],
  [131_030, recipient],
  [131_031, credentials],
  [131_042, credentials],
  // Only a template may be sent now: this message never can.
  [131_047, { blame: 'message', why: 'more than 24 hours since the user wrote: send a template' }],
  [131_049, recipient],
  [131_050, recipient],
  [131_057, again],
  [133_004, again],
  [133_010, credentials],
])

/** What a code means; throttles pause the phone number, the account or the app. */
export function meaningForWhatsApp(code: number): ErrorMeaning | undefined {
  // Throughput is counted a second, spam limits over a longer and unnamed time.
  if (code === 130_429) return { pauses: ['throughput'], ms: 1_000 }
  if (code === 131_048) return { pauses: ['throughput'], ms: undefined }
  return meanings.get(code)
}
