import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { defineBot } from '@botyard/bot-kit'

const answers = [
  'Without a doubt.',
  'The stars nod.',
  'Yes, and bring snacks.',
  'Ask again after lunch.',
  'Reply hazy: somebody breathed on the crystal ball.',
  'The tea leaves shook their heads.',
  'Not even on a Tuesday.',
]

/**
 * A fortune teller: ask it anything that ends with a question mark, or have it throw dice with `/roll 2d6`.
 */
export default defineBot({
  commands: {
    start: ctx => ctx.reply('I am the oracle. Ask me a question, or have me throw dice: /roll 2d6'),
    roll: async ctx => {
      const wanted = readDice(ctx.command.args)
      if (!wanted) return ctx.reply('I throw up to 20 dice of 2 to 100 sides: /roll 2d6')
      // Remembered: should this update be tried again, the dice have fallen as they fell.
      const dice = await ctx.once('dice', () =>
        Array.from({ length: wanted.count }, () => randomInt(wanted.sides) + 1),
      )
      ctx.reply(`🎲 ${dice.join(' + ')} = ${dice.reduce((sum, spots) => sum + spots, 0)}`)
    },
  },
  onMessage: async ctx => {
    if (!ctx.text.trim().endsWith('?'))
      return ctx.reply('The oracle answers questions, and they end in a question mark.')
    // Whatever takes time gets the signal: it ends at once when the worker shuts down, and the update is kept
    // for later.
    await pause(300, undefined, { signal: ctx.signal })
    const answer = await ctx.once('answer', () => randomInt(answers.length))
    ctx.reply(answers[answer] ?? 'The oracle has forgotten.')
  },
  onUpdate: ctx => ctx.log.info({ kind: ctx.update.kind }, 'the oracle looks the other way'),
  onError: (error, ctx) => {
    // Thrown again, the update is tried again; the third time the user hears of it instead.
    if (ctx.attempt < 3) throw error
    ctx.log.error({ err: error }, 'the crystal ball cracked')
    ctx.reply('The crystal ball cracked. Please ask again later.')
  },
})

/** `2d6` is two dice of six sides; `d20` one die; nothing at all is one of six. */
function readDice(text: string): { count: number; sides: number } | undefined {
  const [whole, count, sides] = /^(\d{0,2})d(\d{1,3})$/i.exec(text || '1d6') ?? []
  if (whole === undefined) return undefined
  const dice = { count: Number(count || 1), sides: Number(sides) }
  return dice.count >= 1 && dice.count <= 20 && dice.sides >= 2 && dice.sides <= 100 ? dice : undefined
}
