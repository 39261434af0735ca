/**
 * Words of a shop that mean much the same: what one sentence says of a parcel holds for a package. In basic
 * forms.
 */
const concepts = {
  order: 'order purchase',
  parcel: 'parcel package shipment delivery item product goods stuff box article',
  send: 'send ship deliver dispatch post mail',
  arrive: 'arrive come receive reach get land show turn',
  courier: 'courier driver postman carrier dhl ups fedex hermes',
  track: 'track tracking trace locate',
  late: 'late overdue delayed wait waiting due',
  return: 'return exchange swap',
  money: 'money refund reimburse reimbursement credit cash',
  charge: 'charge bill pay payment debit invoice',
  broken: 'broken break damaged damage faulty defective cracked crack dead scratched torn scratch rip leak',
  unfit: 'fit small large big tight wrong size short',
  cancel: 'cancel cancellation scrap undo withdraw abort revoke annul stop',
  accident: 'accidentally accident mistake mistakenly',
  address: 'address street postcode zip postal house flat apartment road',
  change: 'change update correct edit modify fix amend alter',
  move: 'move relocate',
  open: 'open opening',
  close: 'close closing closed shut',
  shop: 'shop store branch showroom office',
  day: 'today tomorrow monday tuesday wednesday thursday friday saturday sunday weekend holiday christmas easter',
  person:
    'human person people agent employee representative rep manager supervisor operator colleague staff someone somebody anyone anybody',
  talk: 'talk speak chat call phone ring contact connect transfer',
  bot: 'bot robot machine computer automatic automated',
  hello: 'hello hi hey hiya howdy greetings yo morning afternoon evening',
  thanks: 'thanks thank thx cheers ty appreciate appreciated',
  praise: 'great perfect awesome wonderful excellent cool nice lovely super fantastic amazing brilliant',
  bye: 'bye goodbye farewell',
} as const

const byWord = new Map(
  Object.entries(concepts).flatMap(([concept, words]) =>
    words.split(' ').map(word => [word, concept.toUpperCase()]),
  ),
)

/** The concept that a word in its basic form stands for, if it is one of a shop's. */
export function conceptOf(word: string): string | undefined {
  return byWord.get(word)
}
