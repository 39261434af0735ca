import { defineCommand } from '../command.ts'
import { renderTable } from '../table.ts'

interface Shards {
  readonly mapVersion: number | null
  readonly shards: readonly {
    readonly id: string
    readonly hosts: readonly string[]
    readonly ranges: readonly { readonly from: string; readonly to: string }[]
    readonly share: number
  }[]
}

/** `botyard shards list` */
export const shardsList = defineCommand({
  words: 'shards list',
  summary: 'the user shards, and the keys that each has',
  async run({ api, print }) {
    print(await api.get<Shards>('/shards'), ({ mapVersion, shards }) =>
      [
        mapVersion === null ? 'There is no shard map yet: run the migrations.' : `Shard map ${mapVersion}`,
        renderTable(
          ['shard', 'share', 'hosts', 'ranges'],
          shards.map(({ id, share, hosts, ranges }) => [
            ...[id, `${(share * 100).toFixed(1)} %`, hosts.join(' ')],
            ranges.map(({ from, to }) => `${from}…${to}`).join(' '),
          ]),
        ),
      ].join('\n'),
    )
    return undefined
  },
})
