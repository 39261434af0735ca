import type { DocumentedEvent, ExpectedPlace } from '../conformance/documented-event.ts'
import { changeOf, metadata, number } from './change-of.ts'

const docs = 'https://developers.facebook.com/documentation/business-messaging/whatsapp/groups/webhooks'
const group: ExpectedPlace = {
  kind: 'other',
  conversation: `${number}:group:G==`,
  route: { phone_number_id: number },
}

function event(name: string, groups: readonly object[], expected: readonly ExpectedPlace[]): DocumentedEvent {
  const listed = groups.map(one => ({ timestamp: '1739321024', group_id: 'G==', ...one }))
  return { event: name, docs, body: changeOf(name, { metadata, groups: listed }), expected }
}

const participants = 'group_participants_update'
const error = { code: 131000, message: 'x', title: 'x' }

/** What happens to groups: the conversation is the group, the user who came, went or asks. */
export const groupEvents: readonly DocumentedEvent[] = [
  event('group_lifecycle_update', [{ type: 'group_create', subject: 'A', request_id: 'R' }], [group]),
  event(
    'group_lifecycle_update',
    [
      { type: 'group_create', group_id: undefined, request_id: 'R', errors: [error] },
      { type: 'group_delete', request_id: 'S' },
    ],
    [{ ...group, conversation: `number:${number}` }, group],
  ),
  event(
    participants,
    [{ type: 'group_participants_add', reason: 'invite_link', added_participants: [{ wa_id: '1' }] }],
    [{ ...group, kind: 'membership', user: '1' }],
  ),
  event(
    participants,
    [
      {
        type: 'group_participants_add',
        added_participants: [
          { input: '1', wa_id: '1', user_id: 'US.1' },
          { input: '2', wa_id: '2' },
        ],
      },
    ],
    [
      { ...group, kind: 'membership', user: 'US.1' },
      { ...group, kind: 'membership', user: '2' },
    ],
  ),
  event(
    participants,
    [
      {
        type: 'group_participants_remove',
        request_id: 'R',
        initiated_by: 'business',
        removed_participants: [{ input: '1' }],
        failed_participants: [{ input: '2', errors: [error] }],
      },
    ],
    [
      { ...group, kind: 'membership', user: '1' },
      { ...group, user: '2' },
    ],
  ),
  event(
    participants,
    [
      {
        type: 'group_participants_remove',
        initiated_by: 'participant',
        removed_participants: [{ wa_id: '1' }],
      },
    ],
    [{ ...group, kind: 'membership', user: '1' }],
  ),
  event(
    participants,
    [
      { type: 'group_join_request_created', join_request_id: 'J', wa_id: '1' },
      {
        type: 'group_join_request_revoked',
        group_id: 'H==',
        join_request_id: 'K',
        wa_id: '2',
        user_id: 'US.2',
      },
    ],
    [
      { ...group, kind: 'membership', user: '1' },
      { ...group, kind: 'membership', conversation: `${number}:group:H==`, user: 'US.2' },
    ],
  ),
  event(
    'group_settings_update',
    [
      {
        type: 'group_settings_update',
        request_id: 'R',
        group_subject: { text: 'B', update_successful: true },
      },
    ],
    [group],
  ),
  event(
    'group_status_update',
    [{ type: 'group_suspend' }, { type: 'group_suspend_cleared', group_id: 'H==' }],
    [group, { ...group, conversation: `${number}:group:H==` }],
  ),
]
