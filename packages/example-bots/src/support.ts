import { defineBot, defineTask } from '@botyard/bot-kit'
import { answers, answersOnOrder, isAboutOrder } from './support/answers.ts'
import { findOrder } from './support/shop.ts'
import type understandText from './support/understand.task.ts'

/**
 * Intent, entities and mood of a text, by a language model: in a thread, so that no other conversation waits
 * for it.
 */
const understand = defineTask<typeof understandText>(new URL('./support/understand.task.ts', import.meta.url))

/** A shop's first line of support. Ask it where your order #48213 is. */
export default defineBot({
  commands: { start: ctx => ctx.reply(answers.greeting) },
  onMessage: async ctx => {
    if (ctx.text === '') return
    const { intent, mood, orders } = await ctx.run(understand, ctx.text)
    if (mood === 'angry') ctx.reply('I am sorry that you have this trouble.')
    if (!isAboutOrder(intent)) return ctx.reply(answers[intent])
    if (orders.length === 0)
      return ctx.reply('Which order is it about? Its number is in our mail, such as #48213.')
    for (const number of orders.slice(0, 5)) {
      const order = await findOrder(number, ctx.signal)
      ctx.reply(
        order ? answersOnOrder[intent](order) : `I cannot find an order ${number}. Is that its number?`,
      )
    }
  },
})
