import type { DocumentedEvent, ExpectedPlace } from '../conformance/documented-event.ts'

const api = 'https://core.telegram.org/bots/api'
const ada = { id: 42, is_bot: false, first_name: 'Ada' }
const owner = { id: 900, is_bot: false, first_name: 'Owner' }
const privateChat = { id: 42, type: 'private', first_name: 'Ada' }
const group = { id: -1001, type: 'supergroup', title: 'Engines' }
const channel = { id: -1002, type: 'channel', title: 'News' }
const member = { user: ada, status: 'member' }
const left = { user: ada, status: 'left' }

/** A message with the fields that every one has. */
function message(chat: object, more: object): object {
  return { message_id: 7, date: 1_780_000_000, chat, ...more }
}

/** One field of `Update`, with its documented payload, and the place of it. */
function update(field: string, anchor: string, payload: object, place: ExpectedPlace): DocumentedEvent {
  return {
    event: field,
    docs: `${api}#${anchor}`,
    body: { update_id: 1, [field]: payload },
    expected: [place],
  }
}

const inPrivate = { conversation: '42', user: '42' }
const inGroup = { conversation: '-1001', user: '42' }
const inBusiness = { conversation: 'business:bc1:42', route: { business_connection_id: 'bc1' } }
const byUser = { kind: 'other', conversation: 'user:42', user: '42' }
const purchase = { from: ada, currency: 'EUR', total_amount: 100, invoice_payload: 'p' }

/** Every field of `Update` in Bot API 10.3 (August 24, 2026), with the places that its payload may name. */
export const events: readonly DocumentedEvent[] = [
  update('message', 'message', message(privateChat, { from: ada, text: 'hi' }), {
    kind: 'message',
    ...inPrivate,
  }),
  update('message', 'message', message(group, { from: ada, text: 'hi' }), { kind: 'message', ...inGroup }),
  update(
    'message',
    'message',
    message(group, { from: ada, text: '/start', entities: [{ type: 'bot_command', offset: 0, length: 6 }] }),
    { kind: 'command', ...inGroup },
  ),
  update(
    'message',
    'forumtopiccreated',
    message(
      { ...group, is_forum: true },
      { from: ada, message_thread_id: 77, is_topic_message: true, text: 'hi' },
    ),
    { kind: 'message', ...inGroup, route: { message_thread_id: '77' } },
  ),
  update(
    'message',
    'directmessagestopic',
    message(
      { ...group, is_direct_messages: true },
      { from: ada, direct_messages_topic: { topic_id: 8, user: ada }, text: 'hi' },
    ),
    {
      kind: 'message',
      conversation: 'direct:-1001:8',
      user: '42',
      route: { direct_messages_topic_id: '8' },
    },
  ),
  update(
    'message',
    'message',
    {
      ...message(group, { from: ada, ephemeral_message_id: 5, text: '/balance' }),
      message_id: 0,
      receiver_user: { id: 123, is_bot: true, first_name: 'Bot' },
    },
    { kind: 'command', ...inGroup, route: { ephemeral_message_id: '5', receiver_user_id: '42' } },
  ),
  update(
    'message',
    'paidmediainfo',
    message(privateChat, { from: ada, paid_media: { star_count: 1, paid_media: [] } }),
    {
      kind: 'message',
      ...inPrivate,
    },
  ),
  update(
    'message',
    'checklist',
    message(privateChat, { from: ada, checklist: { title: 'Tea', tasks: [] } }),
    {
      kind: 'message',
      ...inPrivate,
    },
  ),
  update('message', 'story', message(privateChat, { from: ada, story: { id: 1, chat: channel } }), {
    kind: 'message',
    ...inPrivate,
  }),
  update('message', 'giftinfo', message(privateChat, { from: ada, gift: { gift: { id: 'g' } } }), {
    kind: 'message',
    ...inPrivate,
  }),
  update(
    'message',
    'suggestedpostinfo',
    message(
      { ...group, is_direct_messages: true },
      {
        from: ada,
        direct_messages_topic: { topic_id: 8, user: ada },
        suggested_post_info: { state: 'pending' },
        text: 'a post',
      },
    ),
    { kind: 'message', conversation: 'direct:-1001:8', user: '42', route: { direct_messages_topic_id: '8' } },
  ),
  update('edited_message', 'update', message(group, { from: ada, edit_date: 1_780_000_060, text: 'ho' }), {
    kind: 'edit',
    ...inGroup,
  }),
  update('channel_post', 'update', message(channel, { sender_chat: channel, text: 'news' }), {
    kind: 'message',
    conversation: '-1002',
  }),
  update(
    'edited_channel_post',
    'update',
    message(channel, { sender_chat: channel, edit_date: 1, text: 'news' }),
    {
      kind: 'edit',
      conversation: '-1002',
    },
  ),
  update(
    'business_connection',
    'businessconnection',
    { id: 'bc1', user: owner, user_chat_id: 901, date: 1_780_000_000, is_enabled: true },
    { kind: 'other', conversation: 'user:900', user: '900' },
  ),
  update(
    'business_message',
    'update',
    message(privateChat, { from: ada, business_connection_id: 'bc1', text: 'hi' }),
    {
      kind: 'message',
      user: '42',
      ...inBusiness,
    },
  ),
  update(
    'edited_business_message',
    'update',
    message(privateChat, { from: ada, business_connection_id: 'bc1', edit_date: 1, text: 'ho' }),
    { kind: 'edit', user: '42', ...inBusiness },
  ),
  update(
    'deleted_business_messages',
    'businessmessagesdeleted',
    { business_connection_id: 'bc1', chat: privateChat, message_ids: [7] },
    { kind: 'other', ...inBusiness },
  ),
  update('guest_message', 'update', message(group, { from: ada, guest_query_id: 'g1', text: '@bot hi' }), {
    kind: 'other',
    ...inGroup,
    route: { guest_query_id: 'g1' },
  }),
  update(
    'stopped_message_generation',
    'messagegenerationstopped',
    { chat: privateChat, draft_id: 3 },
    {
      kind: 'stop',
      ...inPrivate,
    },
  ),
  update(
    'stopped_message_generation',
    'messagegenerationstopped',
    { chat: privateChat, message_thread_id: 77, draft_id: 3 },
    { kind: 'stop', ...inPrivate, route: { message_thread_id: '77' } },
  ),
  update(
    'message_reaction',
    'messagereactionupdated',
    { chat: group, message_id: 7, user: ada, date: 1, old_reaction: [], new_reaction: [] },
    { kind: 'reaction', ...inGroup },
  ),
  update(
    'message_reaction',
    'messagereactionupdated',
    { chat: group, message_id: 7, actor_chat: group, date: 1, old_reaction: [], new_reaction: [] },
    { kind: 'reaction', conversation: '-1001' },
  ),
  update(
    'message_reaction_count',
    'messagereactioncountupdated',
    { chat: channel, message_id: 7, date: 1, reactions: [] },
    {
      kind: 'reaction',
      conversation: '-1002',
    },
  ),
  update(
    'inline_query',
    'inlinequery',
    { id: 'q1', from: ada, query: 'tea', offset: '' },
    {
      ...byUser,
      route: { inline_query_id: 'q1' },
      text: 'tea',
    },
  ),
  update(
    'chosen_inline_result',
    'choseninlineresult',
    { result_id: '1', from: ada, query: 'tea', inline_message_id: 'i' },
    {
      ...byUser,
      route: { inline_message_id: 'i' },
    },
  ),
  update(
    'callback_query',
    'callbackquery',
    { id: 'q1', from: ada, chat_instance: '1', data: 'yes', message: message(group, { text: 'sure?' }) },
    { kind: 'button', ...inGroup, route: { message: '7', callback_query_id: 'q1' }, text: 'yes' },
  ),
  update(
    'callback_query',
    'callbackquery',
    { id: 'q1', from: ada, chat_instance: '1', inline_message_id: 'i' },
    {
      kind: 'button',
      conversation: 'user:42',
      user: '42',
      route: { inline_message_id: 'i', callback_query_id: 'q1' },
    },
  ),
  update(
    'callback_query',
    'inaccessiblemessage',
    { id: 'q1', from: ada, chat_instance: '1', data: 'x', message: { chat: group, message_id: 7, date: 0 } },
    { kind: 'button', ...inGroup, route: { message: '7', callback_query_id: 'q1' } },
  ),
  update(
    'callback_query',
    'callbackquery',
    {
      id: 'q1',
      from: ada,
      chat_instance: '1',
      data: 'x',
      message: { ...message(group, { ephemeral_message_id: 5, receiver_user: ada }), message_id: 0 },
    },
    {
      kind: 'button',
      ...inGroup,
      route: { ephemeral_message_id: '5', receiver_user_id: '42', callback_query_id: 'q1' },
    },
  ),
  update(
    'shipping_query',
    'shippingquery',
    { id: 'q1', from: ada, invoice_payload: 'p', shipping_address: {} },
    {
      ...byUser,
      route: { shipping_query_id: 'q1' },
    },
  ),
  update(
    'pre_checkout_query',
    'precheckoutquery',
    { id: 'q1', ...purchase },
    {
      ...byUser,
      route: { pre_checkout_query_id: 'q1' },
    },
  ),
  update('purchased_paid_media', 'paidmediapurchased', { from: ada, paid_media_payload: 'p' }, byUser),
  update('poll', 'poll', { id: '5', question: '?', options: [] }, { kind: 'other', conversation: 'poll:5' }),
  update('poll_answer', 'pollanswer', { poll_id: '5', user: ada, option_ids: [0] }, byUser),
  update(
    'poll_answer',
    'pollanswer',
    { poll_id: '5', voter_chat: group, option_ids: [0] },
    {
      kind: 'other',
      conversation: '-1001',
    },
  ),
  update(
    'my_chat_member',
    'chatmemberupdated',
    { chat: privateChat, from: ada, date: 1, old_chat_member: member, new_chat_member: left },
    { kind: 'membership', ...inPrivate },
  ),
  update(
    'chat_member',
    'chatmemberupdated',
    { chat: group, from: ada, date: 1, old_chat_member: left, new_chat_member: member },
    { kind: 'membership', ...inGroup },
  ),
  update(
    'chat_join_request',
    'chatjoinrequest',
    { chat: group, from: ada, user_chat_id: 42, date: 1 },
    {
      kind: 'membership',
      ...inGroup,
    },
  ),
  update(
    'chat_join_request',
    'chatjoinrequest',
    { chat: group, from: ada, user_chat_id: 42, date: 1, query_id: 'q1' },
    {
      kind: 'membership',
      ...inGroup,
      route: { chat_join_request_query_id: 'q1' },
    },
  ),
  update(
    'chat_boost',
    'chatboostupdated',
    { chat: channel, boost: { boost_id: 'b', source: { source: 'premium' } } },
    {
      kind: 'other',
      conversation: '-1002',
    },
  ),
  update(
    'removed_chat_boost',
    'chatboostremoved',
    { chat: channel, boost_id: 'b', remove_date: 1 },
    {
      kind: 'other',
      conversation: '-1002',
    },
  ),
  update(
    'managed_bot',
    'managedbotupdated',
    { user: ada, bot: { id: 7, is_bot: true, first_name: 'New' } },
    byUser,
  ),
  update(
    'subscription',
    'botsubscriptionupdated',
    { user: ada, invoice_payload: 'p', state: 'canceled' },
    byUser,
  ),
]
