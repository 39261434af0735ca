import { defineCommand } from '../command.ts'

interface Retirement {
  readonly retirable: boolean
  readonly reasons: readonly string[]
  readonly spoilt: Readonly<Record<string, number>>
}

/** `botyard keys retire-check <id>`: exit code 1 while the key is in use. */
export const keysRetireCheck = defineCommand({
  words: 'keys retire-check',
  arguments: ['id'],
  summary: 'whether a key may be removed from the keyring, and why not',
  async run({ api, args: [id], print }) {
    const answer = await api.get<Retirement>(`/keys/${encodeURIComponent(id!)}/retirement`)
    print(answer, ({ retirable, reasons, spoilt }) =>
      [
        retirable ? `Nothing needs ${id}: remove it from every KEYRING.` : `${id} must stay:`,
        ...reasons.map(reason => `  ${reason}`),
        ...Object.entries(spoilt).map(
          ([place, count]) => `  (${count} in ${place} were changed, and no key opens them)`,
        ),
      ].join('\n'),
    )
    return answer.retirable ? 0 : 1
  },
})
