import { type Command, defineCommand } from '../command.ts'
import { CliUsageError } from '../errors.ts'
import { renderTable } from '../table.ts'

interface DeadLetter {
  readonly id: string
  readonly bot: string
  readonly reason: string
  readonly tries: number
  readonly diedAt: string
}

interface Done {
  readonly done: number
  readonly left: number
}

const choice = {
  id: { type: 'string' },
  bot: { type: 'string' },
  reason: { type: 'string' },
  limit: { type: 'string' },
} as const
const choiceHelp = {
  id: 'this letter',
  bot: 'the letters of this bot, those first that came first',
  reason: 'with --bot: only those of this reason',
  limit: 'with --bot: how many at most, 100 unless set',
}

/** `botyard dead-letters list` */
export const deadLettersList = defineCommand({
  words: 'dead-letters list',
  summary: 'updates and replies that were given up, the newest first',
  options: { bot: choice.bot, limit: choice.limit },
  help: { bot: 'of this bot', limit: 'how many at most, 100 unless set' },
  async run({ api, values, print }) {
    const query = new URLSearchParams()
    for (const name of ['bot', 'limit'] as const) {
      const value = values[name]
      if (typeof value === 'string') query.set(name, value)
    }
    const { deadLetters } = await api.get<{ deadLetters: DeadLetter[] }>(`/dead-letters?${query}`)
    print(deadLetters, () =>
      renderTable(
        ['died at', 'bot', 'reason', 'tries', 'id'],
        deadLetters.map(({ diedAt, bot, reason, tries, id }) => [diedAt, bot, reason, String(tries), id]),
      ),
    )
    return undefined
  },
})

/** `botyard dead-letters retry --id … | --bot …` */
export const deadLettersRetry = defineCommand({
  words: 'dead-letters retry',
  summary: 'has dead letters taken again by their conversations, in order, each once',
  options: { ...choice, 'per-second': { type: 'string' } } as const,
  help: { ...choiceHelp, 'per-second': 'with --bot: how many come back a second, 20 unless set' },
  async run({ api, values, print }) {
    const perSecond = values['per-second']
    const body = { ...bodyOf(values), ...(perSecond && { perSecond: Number(perSecond) }) }
    print(await api.post<Done>('/dead-letters/retry', body), told('taken again'))
    return undefined
  },
})

/** `botyard dead-letters discard --id … | --bot …` */
export const deadLettersDiscard: Command = defineCommand({
  words: 'dead-letters discard',
  summary: 'deletes dead letters for good',
  options: choice,
  help: choiceHelp,
  async run({ api, values, print }) {
    print(await api.post<Done>('/dead-letters/discard', bodyOf(values)), told('deleted'))
    return undefined
  },
})

function bodyOf({ id, bot, reason, limit }: Readonly<Record<string, unknown>>): object {
  if ((id === undefined) === (bot === undefined)) throw new CliUsageError('Which letters? Give --id or --bot')
  if (id !== undefined) return { id }
  return {
    bot,
    ...(reason !== undefined && { reason }),
    ...(limit !== undefined && { limit: Number(limit) }),
  }
}

function told(what: string): (done: Done) => string {
  return ({ done, left }) => `${done} ${what}${left > 0 ? `, ${left} left: ask again for them` : ''}`
}
