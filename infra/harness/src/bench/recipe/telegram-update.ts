import { z } from 'zod'

const User = z.looseObject({ id: z.int(), is_bot: z.boolean(), first_name: z.string() })
const Chat = z.looseObject({ id: z.int(), type: z.enum(['private', 'group', 'supergroup', 'channel']) })
const Message = z.looseObject({
  message_id: z.int(),
  date: z.int(),
  chat: Chat,
  from: User.optional(),
  text: z.string().optional(),
})

/** What the recipe's bot would use of a Telegram update; the rest passes through. */
export const TelegramUpdate = z.looseObject({
  update_id: z.int(),
  message: Message.optional(),
  edited_message: Message.optional(),
  callback_query: z.looseObject({ id: z.string(), from: User, message: Message.optional() }).optional(),
})
export type TelegramUpdate = z.infer<typeof TelegramUpdate>

/** Telegram's id of who caused the update, where it has one. */
export function userOf(update: TelegramUpdate): number | undefined {
  return (update.message ?? update.edited_message ?? update.callback_query)?.from?.id
}
