/**
 * The webhook fields that this build knows:
 * https://developers.facebook.com/documentation/instagram-platform/webhooks/fields.
 */
export const instagramEvents: ReadonlySet<string> = new Set([
  'comments',
  'live_comments',
  'mentions',
  'message_edit',
  'message_reactions',
  'messages',
  'messaging_handover',
  'messaging_optins',
  'messaging_policy_enforcement',
  'messaging_postbacks',
  'messaging_referral',
  'messaging_seen',
  'response_feedback',
  'standby',
  'story_insights',
])
