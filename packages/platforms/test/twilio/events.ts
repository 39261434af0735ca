import type { DocumentedEvent } from '../conformance/documented-event.ts'
import { conversationEvents } from './conversation-events.ts'
import { account, form, message, ours, place, service, theirs } from './form-of.ts'
import { streamedEvents } from './streamed-events.ts'

const messaging = 'https://www.twilio.com/docs/messaging/guides/webhook-request'
const callback = 'https://www.twilio.com/docs/messaging/guides/track-outbound-message-status'
const whatsApp = {
  From: 'whatsapp:+14155550100',
  To: 'whatsapp:+12055550100',
  ProfileName: 'José',
  WaId: '14155550100',
}
const inWhatsApp = {
  conversation: `${whatsApp.To}/${whatsApp.From}`,
  user: whatsApp.From,
  route: { from: whatsApp.To },
}

/** Messages and what became of them. */
const formEvents: readonly DocumentedEvent[] = [
  form('message', messaging, { ...message, Body: 'hi' }, { ...place, kind: 'message', text: 'hi' }),
  form(
    'message',
    messaging,
    { ...message, Body: '/start now' },
    { ...place, kind: 'command', text: '/start now' },
  ),
  form(
    'message',
    messaging,
    { ...message, NumMedia: '1', MediaUrl0: 'https://api.twilio.com/x' },
    { ...place, kind: 'message' },
  ),
  form(
    'message',
    messaging,
    { ...message, Body: 'hi', MessagingServiceSid: service },
    {
      ...place,
      kind: 'message',
      route: { from: ours, service },
    },
  ),
  form(
    'message',
    messaging,
    { ...message, ...whatsApp, Body: 'hi', MessageType: 'text' },
    { ...inWhatsApp, kind: 'message' },
  ),
  form(
    'message',
    messaging,
    { ...message, ...whatsApp, Latitude: '37.78', Longitude: '-122.41', Address: 'A' },
    {
      ...inWhatsApp,
      kind: 'message',
    },
  ),
  form(
    'message',
    messaging,
    { ...message, ...whatsApp, Body: 'Yes', ButtonText: 'Yes', ButtonPayload: 'yes:7' },
    {
      ...inWhatsApp,
      kind: 'button',
      text: 'yes:7',
    },
  ),
  form(
    'message',
    messaging,
    { ...message, ...whatsApp, Body: 'Tea', ListTitle: 'Tea', ListId: 'tea' },
    {
      ...inWhatsApp,
      kind: 'button',
      text: 'tea',
    },
  ),
  form(
    'message',
    messaging,
    { ...message, ...whatsApp, MessageType: 'interactive', InteractiveData: '{"a":1}' },
    {
      ...inWhatsApp,
      kind: 'modal',
      text: '{"a":1}',
    },
  ),
  // A sender of RCS is named like a channel.
  form(
    'message',
    messaging,
    { ...message, To: 'rcs:brand_agent', From: 'rcs:+14155550100', Body: 'hi' },
    {
      kind: 'message',
      conversation: 'rcs:brand_agent/rcs:+14155550100',
      user: 'rcs:+14155550100',
      route: { from: 'rcs:brand_agent' },
    },
  ),
  ...(['STOP', 'START', 'HELP'] as const).map(OptOutType =>
    form(
      'message',
      'https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out',
      { ...message, Body: OptOutType, OptOutType },
      { ...place, kind: OptOutType === 'HELP' ? 'other' : 'membership', text: OptOutType },
    ),
  ),
  form(
    'status',
    callback,
    { ...message, From: ours, To: theirs, SmsStatus: 'sent', MessageStatus: 'sent' },
    {
      ...place,
      kind: 'status',
    },
  ),
  form(
    'status',
    callback,
    { ...message, From: ours, To: theirs, SmsStatus: 'failed', MessageStatus: 'failed', ErrorCode: '30003' },
    { ...place, kind: 'status' },
  ),
  form(
    'call',
    'https://www.twilio.com/docs/voice/twiml#request-parameters',
    { CallSid: `CA${'0'.repeat(32)}`, AccountSid: account, From: theirs, To: ours, CallStatus: 'ringing' },
    { ...place, kind: 'other' },
  ),
  form(
    'debugger',
    'https://www.twilio.com/docs/usage/troubleshooting/debugging-event-webhooks',
    {
      Sid: `NO${'0'.repeat(32)}`,
      AccountSid: account,
      Level: 'ERROR',
      PayloadType: 'application/json',
      Payload: '{}',
    },
    { kind: 'other', conversation: 'bot' },
  ),
]

/** Where each of Twilio's webhooks belongs, by its documentation. */
export const events: readonly DocumentedEvent[] = [...formEvents, ...conversationEvents, ...streamedEvents]
