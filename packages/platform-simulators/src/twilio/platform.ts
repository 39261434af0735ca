import { createHmac } from 'node:crypto'
import { type ApiReply, type ApiRequest, formBody, hasBasic, throttled } from '../simulator/api-server.ts'
import type { PlatformDefinition } from '../simulator/definition.ts'
import { hexDigits, lettered, numbered } from '../simulator/ids.ts'
import { formCall } from '../simulator/json-call.ts'
import { createSlidingWindows } from '../simulator/sliding-windows.ts'

/** Our own long codes, in turn. */
const numbers = 5
const oursOf = (chat: number) => numbered('+1205', chat % numbers, 12)
const theirsOf = (chat: number) => numbered('+1415', chat, 12)

/**
 * Twilio's SMS: signed over the public url and the form, tried once more when the connection fails, replies
 * queued.
 */
export function createPlatform(): PlatformDefinition {
  const accountSid = `AC${hexDigits(32)}`
  const authToken = hexDigits(32)
  // A long code sends one segment a second, and the queue holds ten hours of them.
  const queues = createSlidingWindows({ count: 36_000, ms: 36_000_000 })
  let sent = 0

  const api = (request: ApiRequest): ApiReply => {
    if (!hasBasic(request, accountSid, authToken)) return refused(401, 20003, 'Authenticate')
    if (request.method !== 'POST' || request.path !== `/2010-04-01/Accounts/${accountSid}/Messages.json`) {
      return refused(404, 20404, 'The requested resource was not found')
    }
    const form = formBody(request)
    const [to, from, text] = ['To', 'From', 'Body'].map(name => form.get(name) ?? '') as [
      string,
      string,
      string,
    ]
    if (!/^\+\d{8,15}$/.test(to)) return refused(400, 21211, "Invalid 'To' Phone Number")
    if (!/^\+\d{8,15}$/.test(from)) return refused(400, 21603, "A 'From' phone number is required.")
    if (text === '') return refused(400, 21602, 'Message body is required.')
    if (text.length > 1600)
      return refused(400, 21617, 'The concatenated message body exceeds the 1600 character limit')
    if ('waitMs' in queues.take(from, request.atMs))
      return throttled(refused(429, 21611, "This 'From' number has exceeded the queue"))
    const sid = lettered('SM', ++sent, 34, 16)
    const message = {
      sid,
      account_sid: accountSid,
      to,
      from,
      body: text,
      status: 'queued',
      direction: 'outbound-api',
    }
    return { status: 201, body: message, shown: { place: `${from}/${to}`, text } }
  }

  return {
    credentials: apiRoot => ({ accountSid, authToken, from: oursOf(0), apiRoot }),
    wrongCredentials: apiRoot => ({ accountSid, authToken: hexDigits(32), from: oursOf(0), apiRoot }),
    placeOf: chat => `${oursOf(chat)}/${theirsOf(chat)}`,
    call({ said: [{ chat, text, number }], publicUrl, attempt }) {
      const sid = lettered('SM', number, 34, 16)
      const fields = new URLSearchParams({
        ToCountry: 'US',
        MessageSid: sid,
        SmsMessageSid: sid,
        SmsSid: sid,
        AccountSid: accountSid,
        SmsStatus: 'received',
        From: theirsOf(chat),
        To: oursOf(chat),
        Body: text,
        NumMedia: '0',
        NumSegments: '1',
        ApiVersion: '2010-04-01',
      })
      const signed =
        publicUrl +
        [...fields]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(pair => pair.join(''))
          .join('')
      return formCall(fields, {
        'x-twilio-signature': createHmac('sha1', authToken).update(signed).digest('base64'),
        'i-twilio-idempotency-token': `${sid}-${Math.min(attempt, 1)}`,
        'user-agent': 'TwilioProxy/1.1',
      })
    },
    accepts: ({ status, contentType = '' }) =>
      status === 204 || /^(?:text|application)\/xml\b/.test(contentType),
    // What fails by default is tried once more when no answer came, whatever the answer would have been.
    retryDelaySeconds: (failures, outcome) => (failures === 1 && outcome.kind !== 'answered' ? 0 : undefined),
    allowance: {},
    api,
  }
}

function refused(status: number, code: number, message: string): ApiReply {
  return { status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } }
}
