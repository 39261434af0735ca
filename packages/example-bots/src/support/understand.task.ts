import type { Detail } from 'wink-nlp'
import type { Intent } from './examples.ts'
import { intentOf } from './intent.ts'
import { its, readEnglish } from './language.ts'

/** What a customer's message says. */
export interface Understanding {
  readonly intent: Intent
  readonly mood: 'angry' | 'neutral' | 'happy'
  /** Numbers of orders, without a # before them. */
  readonly orders: readonly string[]
  /** As they were written: "Monday", "24 December". */
  readonly dates: readonly string[]
  readonly amounts: readonly string[]
  readonly emails: readonly string[]
}

/**
 * Understands English: some 0.1 ms a sentence. A thread needs half a second before its first, to load the
 * model and train.
 */
export default function understand(text: string): Understanding {
  const document = readEnglish(text)
  const entities = document.entities().out(its.detail) as Detail[]
  const ofType = (type: string) => entities.filter(entity => entity.type === type).map(({ value }) => value)
  return {
    intent: intentOf(document),
    mood: moodOf(document.out(its.sentiment) as number, text),
    orders: Array.from(text.matchAll(orderNumber), ([, number]) => number!.toUpperCase()),
    dates: ofType('DATE'),
    amounts: ofType('MONEY'),
    emails: ofType('EMAIL'),
  }
}

/** #1234, AB-1234 or 12345, but no prices, phone numbers and years. */
const orderNumber =
  /(?<![\w.,$€£-]|\+[\d ]{1,16})#?((?<=#)\d{3,10}|[a-z]{2,3}-\d{3,10}|\d{5,10})\b(?![.,-]\d)/gi
const shouting = /!{3}|(?:\b[A-Z]{2,}\b\W*){4}/

function moodOf(sentiment: number, text: string): Understanding['mood'] {
  if (sentiment <= -0.25 || shouting.test(text)) return 'angry'
  return sentiment >= 0.25 ? 'happy' : 'neutral'
}
