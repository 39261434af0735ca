import type { Said } from '../simulator/definition.ts'
import { numbered } from '../simulator/ids.ts'

/** The business account. */
export const businessAccountId = '102290129340398'

/** A bot of much traffic has several numbers: each carries 80 messages a second, both ways together. */
const numbers = 20

/** Every fifth user has hidden the phone number behind a username, and goes by a business-scoped id alone. */
const isHidden = (chat: number) => chat % 5 === 4

/** The id of the phone number that a chat is with. */
export function phoneNumberIdOf(chat: number): string {
  return numbered('1065', chat % numbers, 15)
}

/** A chat as the API calls it: the number that speaks, and whom it speaks to. */
export function placeOf(chat: number): string {
  return `${phoneNumberIdOf(chat)}/${isHidden(chat) ? userIdOf(chat) : phoneOf(chat)}`
}

/**
 * One change of a webhook: what users of one phone number wrote, and who they are, or what became of what it
 * said to them.
 */
export function changeOf(said: readonly Said[]): object {
  const number = phoneNumberIdOf(said[0]!.chat)
  const metadata = {
    display_phone_number: numbered('1555', Number(number.slice(-4)), 11),
    phone_number_id: number,
  }
  const contacts = [...new Set(said.map(({ chat }) => chat))].map(contactOf)
  const told = said[0]!.as === 'own' ? { statuses: said.map(statusOf) } : { messages: said.map(messageOf) }
  return { value: { messaging_product: 'whatsapp', metadata, contacts, ...told }, field: 'messages' }
}

function phoneOf(chat: number): string {
  return numbered('49151', chat, 12)
}

function userIdOf(chat: number): string {
  return numbered('DE.13', chat, 23)
}

function contactOf(chat: number): object {
  const name = `User ${chat}`
  if (isHidden(chat)) return { profile: { name, username: `@user${chat}` }, user_id: userIdOf(chat) }
  return { profile: { name }, wa_id: phoneOf(chat), user_id: userIdOf(chat) }
}

function messageOf({ chat, text, number, atMs }: Said): object {
  return {
    ...(isHidden(chat) ? {} : { from: phoneOf(chat) }),
    from_user_id: userIdOf(chat),
    id: `wamid.${Buffer.from(numbered('HBgM', number, 30)).toString('base64')}`,
    timestamp: String(Math.floor(atMs / 1000)),
    text: { body: text },
    type: 'text',
  }
}

/** The bot's own messages come back as what became of them. */
function statusOf({ chat, number, atMs }: Said): object {
  return {
    id: `wamid.${Buffer.from(numbered('HBgN', number, 30)).toString('base64')}`,
    status: 'sent',
    timestamp: String(Math.floor(atMs / 1000)),
    ...(isHidden(chat) ? {} : { recipient_id: phoneOf(chat) }),
    recipient_user_id: userIdOf(chat),
    pricing: { billable: false, pricing_model: 'PMP', category: 'service', type: 'free_customer_service' },
  }
}
