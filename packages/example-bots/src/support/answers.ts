import type { Intent } from './examples.ts'
import type { Order } from './shop.ts'

/** What is answered to an intent that is about no order in particular. */
export const answers: Readonly<Record<Exclude<Intent, AboutOrder>, string>> = {
  greeting: 'Hello! I know about orders, returns and our opening hours. What can I do for you?',
  opening_hours: 'We are open from Monday to Saturday, 9 to 18 o’clock. I am here all the time.',
  human: 'I have asked a colleague to join us here. It takes a few minutes.',
  thanks: 'You are welcome!',
  other:
    'I did not get that. Ask me about an order, a return or our opening hours, or say that you want to talk to a human.',
}

/** What is answered about an order. */
export const answersOnOrder: Readonly<Record<AboutOrder, (order: Order) => string>> = {
  order_status: ({ number, state }) => `Your order ${number} is ${state}.`,
  refund: ({ number, state }) =>
    state === 'delivered'
      ? `Send what you do not want to keep of order ${number} back within 30 days: the label is in your mail. The money follows within a week.`
      : `Your order ${number} is ${state}. Once you have it, tell me again, and I send you a label for the return.`,
  cancel_order: ({ number, open, state }) =>
    open
      ? `Your order ${number} is cancelled.`
      : `Your order ${number} is ${state} already. You can send it back, free of charge.`,
  change_address: ({ number, open, state }) =>
    open
      ? `Please send me the new address for order ${number} in one message.`
      : `Your order ${number} is ${state} already: its address cannot be changed any more.`,
}

/** An intent that needs an order's number. */
export type AboutOrder = 'order_status' | 'refund' | 'cancel_order' | 'change_address'

/** Whether an intent needs an order's number. */
export function isAboutOrder(intent: Intent): intent is AboutOrder {
  return Object.hasOwn(answersOnOrder, intent)
}
