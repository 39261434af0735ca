import { type CommandContext, defineCommand } from '../command.ts'
import { describeMove, followMove, type Move } from '../move.ts'

const options = {
  from: { type: 'string' },
  to: { type: 'string' },
  wait: { type: 'boolean', default: false },
} as const
const help = {
  from: 'the first key of a part',
  to: 'the key behind its last',
  wait: 'stays until the move has ended and says how far it is; exit code 1 unless it is done',
}

/** `botyard shards move <source> <target>` */
export const shardsMove = defineCommand({
  words: 'shards move',
  arguments: ['source', 'target'],
  summary: "moves a shard's range of keys, or a part of it, to another shard while all goes on",
  ...{ options, help },
  run: context => start(context, false),
})

/** `botyard shards split <source> <target>` */
export const shardsSplit = defineCommand({
  words: 'shards split',
  arguments: ['source', 'target'],
  summary: "moves the upper half of a shard's largest range to another shard, or the part that is named",
  ...{ options, help },
  run: context => start(context, true),
})

/** `botyard shards resume <move>` */
export const shardsResume = defineCommand({
  words: 'shards resume',
  arguments: ['move'],
  summary: 'begins a cancelled or failed move anew, or has one go on that stopped after its switch',
  run: context => steer(context, 'resume'),
})

/** `botyard shards cancel <move>` */
export const shardsCancel = defineCommand({
  words: 'shards cancel',
  arguments: ['move'],
  summary: 'has a move undone that has not switched yet',
  run: context => steer(context, 'cancel'),
})

async function start({ api, args, values, print, say }: CommandContext, split: boolean) {
  const [source, target] = args
  const { from, to, wait } = values as { from?: string; to?: string; wait?: boolean }
  const bounds = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
  const begun = await api.post<Move>('/shards/moves', { source, target, ...bounds, ...(split && { split }) })
  const move = wait ? await followMove(api, begun.id, say) : begun
  print(move, describeMove)
  return wait && move.state !== 'done' ? 1 : undefined
}

async function steer({ api, args: [id], print }: CommandContext, verb: 'cancel' | 'resume') {
  print(await api.post<Move>(`/shards/moves/${id}/${verb}`), describeMove)
  return undefined
}
