/** A query that Telegram's client waits on, and how it is answered. */
export interface Query {
  /** The parameter that names the query when it is answered; the route has its id under the same name. */
  readonly id: string
  /** The methods that answer it, in lower case: the Bot API takes them in any. */
  readonly methods: ReadonlySet<string>
  /** What is answered when the handler has not; without it nothing need be. */
  readonly unanswered?: Readonly<Record<string, unknown>>
}

/** A failure that the buyer sees at once, instead of ten seconds of waiting and Telegram's own words. */
const notPaid = 'This payment cannot be taken at the moment. You have not been charged.'
const notDelivered = 'Delivery to this address cannot be arranged at the moment. You have not been charged.'

/** https://core.telegram.org/bots/api#answercallbackquery and its like. */
export const queries: readonly Query[] = [
  {
    id: 'callback_query_id',
    methods: new Set(['answercallbackquery']),
    // "Telegram clients will display a progress bar until you call answerCallbackQuery."
    unanswered: { method: 'answerCallbackQuery' },
  },
  {
    id: 'pre_checkout_query_id',
    methods: new Set(['answerprecheckoutquery']),
    unanswered: { method: 'answerPreCheckoutQuery', ok: false, error_message: notPaid },
  },
  {
    id: 'shipping_query_id',
    methods: new Set(['answershippingquery']),
    unanswered: { method: 'answerShippingQuery', ok: false, error_message: notDelivered },
  },
  {
    id: 'inline_query_id',
    methods: new Set(['answerinlinequery']),
    // The client stops waiting and shows nothing; the next time the same is typed the bot is asked again.
    unanswered: { method: 'answerInlineQuery', results: [], cache_time: 0, is_personal: true },
  },
  {
    id: 'chat_join_request_query_id',
    methods: new Set([
      'answerchatjoinrequestquery',
      'sendchatjoinrequestwebapp',
      'approvechatjoinrequest',
      'declinechatjoinrequest',
    ]),
    // "Leave the decision to other administrators."
    unanswered: { method: 'answerChatJoinRequestQuery', result: 'queue' },
  },
  { id: 'guest_query_id', methods: new Set(['answerguestquery']) },
]

/** The query that a method answers. */
export function queryOfMethod(method: string): Query | undefined {
  const name = method.toLowerCase()
  return queries.find(({ methods }) => methods.has(name))
}
