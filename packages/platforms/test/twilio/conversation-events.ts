import type { DocumentedEvent, ExpectedPlace } from '../conformance/documented-event.ts'
import { account, form, theirs } from './form-of.ts'

const docs = 'https://www.twilio.com/docs/conversations/conversations-webhooks'
const sidOf = (prefix: string) => prefix + 'b'.repeat(32)
const conversation = sidOf('CH')
const at = '2026-11-28T21:00:00.000Z'
const ofConversation: ExpectedPlace = { kind: 'other', conversation }
const ofUser: ExpectedPlace = { ...ofConversation, user: theirs }

function event(name: string, content: object, expected: ExpectedPlace = ofConversation): DocumentedEvent {
  const fields = { AccountSid: account, EventType: name, ConversationSid: conversation, ...content }
  return form(name, docs, fields, expected)
}

const posted = {
  MessageSid: sidOf('IM'),
  Index: '1',
  Body: 'hi',
  Author: theirs,
  DateCreated: at,
  RetryCount: '0',
}

/** Webhooks of Conversations: those before an action, which ask, and those after it. */
export const conversationEvents: readonly DocumentedEvent[] = [
  event('onMessageAdd', { Body: 'hi', Author: theirs, Source: 'SMS' }, { ...ofUser, text: 'hi' }),
  event('onMessageUpdate', { MessageSid: sidOf('IM'), Body: 'new', Author: theirs }, ofUser),
  event('onMessageRemove', { MessageSid: sidOf('IM'), Author: theirs }, ofUser),
  event(
    'onConversationAdd',
    { FriendlyName: 'A', ConversationSid: undefined },
    { kind: 'other', conversation: 'bot' },
  ),
  event('onConversationUpdate', { FriendlyName: 'B' }),
  event('onConversationRemove', {}),
  event('onParticipantAdd', { 'MessagingBinding.Address': theirs }, ofUser),
  event(
    'onParticipantUpdate',
    { ParticipantSid: sidOf('MB'), Identity: 'ann' },
    { ...ofConversation, user: 'ann' },
  ),
  event('onParticipantRemove', { ParticipantSid: sidOf('MB') }),
  event(
    'onUserUpdate',
    { ConversationSid: undefined, UserSid: sidOf('US'), Identity: 'ann' },
    {
      kind: 'other',
      conversation: 'user:ann',
      user: 'ann',
    },
  ),
  event('onMessageAdded', { ...posted, Source: 'SMS' }, { ...ofUser, kind: 'message', text: 'hi' }),
  event(
    'onMessageAdded',
    { ...posted, Source: 'WHATSAPP', Body: '/start' },
    { ...ofUser, kind: 'command', text: '/start' },
  ),
  event('onMessageAdded', { ...posted, Source: 'API', Author: 'system' }, { ...ofConversation, text: 'hi' }),
  event(
    'onMessageAdded',
    { ...posted, Source: 'SDK', Author: 'agent' },
    { ...ofConversation, user: 'agent', text: 'hi' },
  ),
  event(
    'onMessageUpdated',
    { ...posted, Body: 'new', DateUpdated: at, Source: 'SMS' },
    { ...ofUser, kind: 'edit', text: 'new' },
  ),
  event('onMessageRemoved', { ...posted, DateRemoved: at }, ofUser),
  event('onConversationAdded', { DateCreated: at, FriendlyName: 'A', State: 'active' }),
  event('onConversationUpdated', { DateUpdated: at, FriendlyName: 'B' }),
  event('onConversationRemoved', { DateRemoved: at }),
  event('onConversationStateUpdated', {
    DateUpdated: at,
    StateFrom: 'active',
    StateTo: 'closed',
    Reason: 'API',
  }),
  event(
    'onParticipantAdded',
    { ParticipantSid: sidOf('MB'), DateCreated: at, 'MessagingBinding.Address': theirs },
    {
      ...ofUser,
      kind: 'membership',
    },
  ),
  event(
    'onParticipantUpdated',
    { ParticipantSid: sidOf('MB'), DateUpdated: at, Identity: 'ann' },
    {
      ...ofConversation,
      user: 'ann',
    },
  ),
  event(
    'onParticipantRemoved',
    { ParticipantSid: sidOf('MB'), DateRemoved: at, Identity: 'ann' },
    {
      ...ofConversation,
      kind: 'membership',
      user: 'ann',
    },
  ),
  event(
    'onDeliveryUpdated',
    { MessageSid: sidOf('IM'), DeliveryReceiptSid: sidOf('DY'), Status: 'read', DateUpdated: at },
    {
      ...ofConversation,
      kind: 'status',
    },
  ),
  event(
    'onUserAdded',
    { ConversationSid: undefined, UserSid: sidOf('US'), Identity: 'ann', DateCreated: at },
    {
      kind: 'other',
      conversation: 'user:ann',
      user: 'ann',
    },
  ),
  event(
    'onUserUpdated',
    { ConversationSid: undefined, UserSid: sidOf('US'), Identity: 'ann', DateUpdated: at },
    {
      kind: 'other',
      conversation: 'user:ann',
      user: 'ann',
    },
  ),
]
