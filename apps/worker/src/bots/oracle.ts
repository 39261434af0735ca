import { randomInt } from 'node:crypto'
import { type BotContext, defineBot } from '@botyard/bot-kit'

const answers = {
  yes: ['Without a doubt.', 'The stars nod.', 'Yes, and bring snacks.'],
  no: ['My sources say no.', 'The tea leaves shook their heads.', 'Not even on a Tuesday.'],
  maybe: ['Ask again after lunch.', 'Reply hazy: somebody breathed on the crystal ball.'],
}

/** A fortune teller: ask it anything that ends with a question mark, or roll dice with `/roll 2d6`. */
export default defineBot({
  commands: {
    start: ctx => ctx.reply('I am the oracle. Ask me a question, or roll dice: /roll 2d6'),
    roll: async ctx => {
      const [, count = '1', sides = '6'] =
        /^(\d*)d?(\d*)$/.exec(ctx.command?.args ?? '')?.map(part => part || undefined) ?? []
      // Dice are thrown once: a second try of this update tells the same numbers.
      const dice = await ctx.once('dice', () => roll(Math.min(Number(count), 20), Number(sides)))
      ctx.reply(`🎲 ${dice.join(' + ')} = ${dice.reduce((sum, n) => sum + n, 0)}`)
    },
  },
  onMessage: async ctx => {
    if (!ctx.text.trim().endsWith('?')) return ctx.reply('The oracle answers questions. Yours lacks a question mark.')
    ctx.reply(await ctx.once('answer', () => divine(ctx)))
  },
  onUpdate: ctx => ctx.log.info({ kind: ctx.update.kind }, 'the oracle looks the other way'),
  onError: (error, ctx) => {
    // A shutdown is nobody's fault: let the update be tried again elsewhere.
    if (ctx.signal.aborted || ctx.attempt < 3) throw error
    ctx.reply('The crystal ball cracked. Please ask again later.')
  },
})

function divine({ text }: BotContext): string {
  const mood = /\bor\b/i.test(text) ? 'maybe' : (['yes', 'no', 'maybe'] as const)[randomInt(3)]!
  const choice = answers[mood]
  return choice[randomInt(choice.length)]!
}

function roll(count: number, sides: number): number[] {
  if (sides < 2 || sides > 1000) return [0]
  return Array.from({ length: Math.max(1, count) }, () => randomInt(1, sides + 1))
}
