import { defineCommand } from '../command.ts'
import { describeMove, type Move } from '../move.ts'

/** `botyard shards moves` */
export const shardsMoves = defineCommand({
  words: 'shards moves',
  summary: 'the moves of keys between shards, the newest first, and how far they are',
  async run({ api, print }) {
    const { moves } = await api.get<{ moves: Move[] }>('/shards/moves')
    print(moves, () =>
      moves.length === 0
        ? 'No keys have been moved yet.'
        : moves.map(move => `${move.source} → ${move.target}  ${describeMove(move)}`).join('\n'),
    )
    return undefined
  },
})
