import { awkwardText } from '../conformance/awkward-text.ts'
import type { Call, Place, PlatformQuestions } from '../conformance/platform-questions.ts'

const ada = { id: 5, is_bot: false, first_name: 'Ada' }
const owner = { id: 900, is_bot: false, first_name: 'Owner' }
const bot = { id: 123, is_bot: true, first_name: 'Shop', username: 'shop_bot' }
const otherBot = { id: 124, is_bot: true, first_name: 'Other', username: 'OtherBot' }
const privateChat = { id: 42, type: 'private' }
const group = { id: -1001, type: 'supergroup', title: 'G' }
const direct = { id: -1009, type: 'supergroup', title: 'N', is_direct_messages: true }

function call(field: string, chat: object, more: object): Call {
  return { body: { update_id: 1, [field]: { message_id: 4, date: 1_780_000_000, chat, ...more } } }
}

function command(text: string): object {
  return {
    from: ada,
    text,
    entities: [{ type: 'bot_command', offset: 0, length: text.split(' ')[0]!.length }],
  }
}

/** A message of a person whom the Bot API does not name, in a group. */
function placeholder(id: number, username: string, more: object = {}): Call & { user: undefined } {
  const from = { id, is_bot: id !== 777000, first_name: 'Group', username }
  return { ...call('message', group, { from, sender_chat: group, text: 'count', ...more }), user: undefined }
}

function placed(conversation: string, route: Record<string, string>, chat: object, { body }: Call): Place {
  return { body, conversation, route, reply: { method: 'POST', body: { ...chat, text: 'hi' } } }
}

/** Telegram's answers. */
export const questions: PlatformQuestions = {
  identity: { user: '123', name: 'shop_bot' },
  ownMessages: [
    call('business_message', privateChat, {
      business_connection_id: 'bc1',
      from: owner,
      sender_business_bot: bot,
      text: 'sent by the bot',
    }),
    call('business_message', privateChat, {
      business_connection_id: 'bc1',
      from: owner,
      text: '/typed by its owner',
    }),
    call('edited_business_message', privateChat, {
      business_connection_id: 'bc1',
      from: owner,
      edit_date: 1,
      text: 'x',
    }),
    // Of its own messages a bot gets those that tell what it did.
    call('message', group, { from: bot, pinned_message: { message_id: 3, date: 1, chat: group } }),
    call('message', direct, {
      sender_chat: group,
      direct_messages_topic: { topic_id: 5, user: ada },
      text: 'by an admin',
    }),
    call('message', direct, {
      from: owner,
      direct_messages_topic: { topic_id: 5, user: ada },
      text: '/by an admin',
    }),
  ],
  foreignCommands: [
    call('message', group, command('/start@OtherBot now')),
    call('message', privateChat, command('/start@OtherBot')),
    call('channel_post', group, { text: '/start@OtherBot' }),
    call('message', group, { from: ada, caption: '/start@OtherBot', photo: [] }),
  ],
  placeholderUsers: [
    placeholder(1087968824, 'GroupAnonymousBot'),
    placeholder(136817688, 'Channel_Bot', { sender_chat: { id: -1007, type: 'channel', title: 'C' } }),
    placeholder(777000, 'Telegram', {
      is_automatic_forward: true,
      sender_chat: { id: -1007, type: 'channel' },
    }),
    {
      body: {
        update_id: 1,
        chat_member: { chat: group, from: { id: 1087968824, is_bot: true, first_name: 'Group' }, date: 1 },
      },
      user: undefined,
    },
  ],
  deliveredTwice:
    'A message comes by one update, whose update_id stays the same when it is sent again: https://core.telegram.org/bots/api#update',
  places: [
    placed('42', {}, { chat_id: 42 }, call('message', privateChat, { from: { ...ada, id: 42 }, text: 'hi' })),
    placed(
      'business:bc1:42',
      { business_connection_id: 'bc1' },
      { chat_id: 42, business_connection_id: 'bc1' },
      call('business_message', privateChat, {
        business_connection_id: 'bc1',
        from: { ...ada, id: 42 },
        text: 'hi',
      }),
    ),
    placed(
      'business:bc2:42',
      { business_connection_id: 'bc2' },
      { chat_id: 42, business_connection_id: 'bc2' },
      call('business_message', privateChat, {
        business_connection_id: 'bc2',
        from: { ...ada, id: 42 },
        text: 'hi',
      }),
    ),
    placed(
      'direct:-1009:5',
      { direct_messages_topic_id: '5' },
      { chat_id: -1009, direct_messages_topic_id: 5 },
      call('message', direct, { from: ada, direct_messages_topic: { topic_id: 5, user: ada }, text: 'hi' }),
    ),
    placed(
      'direct:-1009:6',
      { direct_messages_topic_id: '6' },
      { chat_id: -1009, direct_messages_topic_id: 6 },
      call('message', direct, {
        from: { ...ada, id: 6 },
        direct_messages_topic: { topic_id: 6, user: { ...ada, id: 6 } },
        text: 'hi',
      }),
    ),
    // One conversation for all topics of a forum: members talk across them, and each answer goes into its
    // own.
    placed(
      '-1001',
      { message_thread_id: '77' },
      { chat_id: -1001, message_thread_id: 77 },
      call('message', group, { from: ada, message_thread_id: 77, is_topic_message: true, text: 'hi' }),
    ),
  ],
  unknownEvents: [
    { ...call('hologram', group, { from: ada }), conversation: '-1001' },
    {
      ...call('business_hologram', privateChat, { business_connection_id: 'bc1' }),
      conversation: 'business:bc1:42',
    },
    { body: { update_id: 1, hologram: { user: ada } }, conversation: 'user:5' },
    { body: { update_id: 1, hologram: {} }, conversation: 'bot' },
  ],
  typedTexts: [
    {
      ...call('message', group, { from: ada, text: '<b>&amp; *a* _b_ @ada' }),
      text: '<b>&amp; *a* _b_ @ada',
    },
    { ...call('message', group, { from: ada, caption: 'a & b', photo: [] }), text: 'a & b' },
    { ...call('message', group, command('/start@Shop_Bot now')), text: '/start@Shop_Bot now' },
  ],
  otherBots: [
    call('message', group, { from: otherBot, text: '/start' }),
    call('edited_message', group, { from: otherBot, edit_date: 1, text: 'x' }),
    {
      body: {
        update_id: 1,
        chat_member: { chat: group, from: otherBot, date: 1, old_chat_member: {}, new_chat_member: {} },
      },
    },
  ],
  // Without a parse_mode nothing in a text is markup.
  replyText: { ...call('message', group, { from: ada, text: 'hi' }), reply: { body: { text: awkwardText } } },
  nativeText: { of: text => ({ text }) },
}
