import type { DocumentedEvent } from '../conformance/documented-event.ts'
import { account, changeOf, docsOf, number } from './change-of.ts'

/** What became of the account, its numbers and templates: no user, and nobody to answer. */
function ofAccount(event: string, value: object, page = event): DocumentedEvent {
  const expected = [{ kind: 'other', conversation: `account:${account}` }]
  return { event, docs: docsOf(page), body: changeOf(event, value), expected }
}

const template = {
  message_template_id: 1_234_567_890,
  message_template_name: 'order_confirmation',
  message_template_language: 'en-US',
}

export const accountEvents: readonly DocumentedEvent[] = [
  ofAccount('account_alerts', {
    entity_type: 'WABA',
    entity_id: account,
    alert_info: { alert_type: 'OBA_APPROVED' },
  }),
  ofAccount('account_review_update', { decision: 'APPROVED' }),
  ofAccount('account_update', {
    event: 'DISABLED_UPDATE',
    ban_info: { waba_ban_state: ['SCHEDULE_FOR_DISABLE'] },
  }),
  ofAccount('account_update', {
    event: 'ACCOUNT_RESTRICTION',
    restriction_info: [{ restriction_type: 'x' }],
  }),
  ofAccount('account_offboarded', { event: 'ACCOUNT_OFFBOARDED' }, 'account_update'),
  ofAccount('account_reconnected', { event: 'ACCOUNT_RECONNECTED' }, 'account_update'),
  ofAccount('business_capability_update', {
    max_daily_conversation_per_phone: 1000,
    max_phone_numbers_per_waba: 20,
  }),
  ofAccount('business_status_update', { event: 'MESSAGING_LIMIT' }, 'overview'),
  ofAccount(
    'business_username_updates',
    { display_phone_number: '1555', username: 'shop', status: 'approved' },
    'overview',
  ),
  ofAccount(
    'flows',
    { event: 'FLOW_STATUS_CHANGE', flow_id: '1', old_status: 'DRAFT', new_status: 'PUBLISHED' },
    'overview',
  ),
  ofAccount('message_template_components_update', { ...template, message_template_element: 'hi' }),
  ofAccount('message_template_quality_update', {
    ...template,
    previous_quality_score: 'GREEN',
    new_quality_score: 'RED',
  }),
  ofAccount('message_template_status_update', { ...template, event: 'APPROVED', reason: 'NONE' }),
  ofAccount('template_category_update', {
    ...template,
    previous_category: 'UTILITY',
    new_category: 'MARKETING',
  }),
  ofAccount(
    'template_correct_category_detection',
    { ...template, correct_category: 'MARKETING' },
    'overview',
  ),
  ofAccount('partner_solutions', {
    event: 'SOLUTION_CREATED',
    solution_id: '1',
    solution_status: 'INITIATED',
  }),
  ofAccount('payment_configuration_update', {
    configuration_name: 'a',
    provider_name: 'razorpay',
    status: 'Active',
  }),
  ofAccount('phone_number_name_update', { display_phone_number: '1555', decision: 'APPROVED' }),
  ofAccount('phone_number_quality_update', { display_phone_number: '1555', event: 'THROUGHPUT_UPGRADE' }),
  ofAccount('security', {
    display_phone_number: '1555',
    event: 'PIN_RESET_REQUEST',
    requester: '61555822107539',
  }),
  {
    event: 'account_settings_update',
    docs: docsOf('overview'),
    body: changeOf('account_settings_update', {
      type: 'phone_number_settings',
      phone_number_settings: { phone_number_id: number, calling: { status: 'ENABLED' } },
    }),
    expected: [{ kind: 'other', conversation: `number:${number}`, route: { phone_number_id: number } }],
  },
]
