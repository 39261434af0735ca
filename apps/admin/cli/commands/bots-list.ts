import { defineCommand } from '../command.ts'
import { renderTable } from '../table.ts'

interface Bot {
  readonly id: string
  readonly platform: string
  readonly handler: string
  readonly webhookUrl: string
}

/** `botyard bots list` */
export const botsList = defineCommand({
  words: 'bots list',
  summary: 'the bots, and where their platforms call',
  async run({ api, print }) {
    const { bots } = await api.get<{ bots: Bot[] }>('/bots')
    print(bots, () =>
      renderTable(
        ['bot', 'platform', 'handler', 'webhook'],
        bots.map(({ id, platform, handler, webhookUrl }) => [id, platform, handler, webhookUrl]),
      ),
    )
  },
})
