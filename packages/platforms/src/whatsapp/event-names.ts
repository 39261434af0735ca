/**
 * Types of messages:
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages.
 */
const messageTypes = [
  'text',
  'image',
  'video',
  'audio',
  'document',
  'sticker',
  'location',
  'contacts',
  'button',
  'interactive',
  'order',
  'reaction',
  'edit',
  'revoke',
  'system',
  'request_welcome',
  'unsupported',
  'unknown',
  'errors',
]

/**
 * Webhook fields:
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview.
 */
const fields = [
  'account_alerts',
  'account_offboarded',
  'account_reconnected',
  'account_review_update',
  'account_settings_update',
  'account_update',
  'automatic_events',
  'business_capability_update',
  'business_status_update',
  'business_username_updates',
  'calls',
  'consumer_profile',
  'flows',
  'group_lifecycle_update',
  'group_participants_update',
  'group_settings_update',
  'group_status_update',
  'history',
  'message_echoes',
  'message_template_components_update',
  'message_template_quality_update',
  'message_template_status_update',
  'messaging_handovers',
  'partner_solutions',
  'payment_configuration_update',
  'phone_number_name_update',
  'phone_number_quality_update',
  'security',
  'smb_app_state_sync',
  'smb_message_echoes',
  'standby',
  'template_category_update',
  'template_correct_category_detection',
  'tracking_events',
  'user_id_update',
  'user_preferences',
]

/**
 * The events that this build knows: a field's name, and of the field `messages`, which brings several things,
 * the name with the type of the message or the list's name behind it.
 */
export const whatsAppEvents: ReadonlySet<string> = new Set([
  ...fields,
  ...messageTypes.map(type => `messages.${type}`),
  'messages.statuses',
  'messages.user_actions',
])
