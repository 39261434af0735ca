import { methodsByMember } from '../send/broadcast-methods.ts'

/**
 * The methods of the Bot API that say something in a chat:
 * https://core.telegram.org/bots/api#available-methods.
 */
const messageMethods = [
  'sendMessage',
  'sendPhoto',
  'sendAudio',
  'sendDocument',
  'sendVideo',
  'sendAnimation',
  'sendVoice',
  'sendVideoNote',
  'sendPaidMedia',
  'sendMediaGroup',
  'sendLocation',
  'sendVenue',
  'sendContact',
  'sendPoll',
  'sendChecklist',
  'sendDice',
  'sendSticker',
  'sendInvoice',
  'sendGame',
  'copyMessage',
  'copyMessages',
  'forwardMessage',
  'forwardMessages',
]

/** What a broadcast may ask of Telegram. */
export const telegramBroadcasts = methodsByMember('method', 'sendMessage', messageMethods, [
  'chat_id',
  'business_connection_id',
  'inline_message_id',
])
