import { defineCommand } from '../command.ts'
import { renderTable } from '../table.ts'

interface KeyList {
  readonly keys: readonly {
    readonly id: string
    readonly fingerprint: string
    readonly firstSeenAt: string
    readonly lastActiveAt: string | null
    readonly processes: number
    readonly activeIn: number
    readonly uses: Readonly<Record<string, number>>
  }[]
  readonly processes: readonly { process: string; active: string; keys: readonly string[] }[]
  readonly unknown: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly complete: boolean
  readonly problems: readonly string[]
}

/** `botyard keys status` */
export const keysStatus = defineCommand({
  words: 'keys status',
  summary: 'how old each key of the keyring is, who has it, and what lies under it',
  async run({ api, print }) {
    print(await api.get<KeyList>('/keys'), render)
  },
})

function render({ keys, processes, unknown, complete, problems }: KeyList): string {
  const rows = keys.map(
    ({ id, fingerprint, firstSeenAt, lastActiveAt, processes: having, activeIn, uses }) => [
      ...[id, fingerprint, ageOf(firstSeenAt), lastActiveAt === null ? 'never' : ageOf(lastActiveAt)],
      ...[`${having} of ${processes.length}`, activeIn, usesText(uses)],
    ],
  )
  const strays = Object.entries(unknown).map(([id, uses]) => [
    ...[id === '' ? '(no envelope)' : id, '', '', '', '0', 0, usesText(uses)],
  ])
  return [
    renderTable(
      ['key', 'fingerprint', 'age', 'last active', 'known by', 'active in', 'needed by'],
      [...rows, ...strays],
    ),
    '',
    renderTable(
      ['process', 'seals with', 'has'],
      processes.map(({ process, active, keys }) => [process, active, keys.join(', ')]),
    ),
    ...(complete ? [] : ['', 'Not everything could be counted in time: there is more than this.']),
    ...problems.map(problem => `\n✗ ${problem}`),
  ].join('\n')
}

function usesText(uses: Readonly<Record<string, number>>): string {
  const texts = Object.entries(uses).map(([place, count]) => `${place} ${count}`)
  return texts.length > 0 ? texts.join(', ') : 'nothing'
}

/** In the largest unit that fits, `3 d`. */
function ageOf(time: string): string {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(time)) / 1000))
  const [unit, size] = (
    [
      ['d', 86_400],
      ['h', 3_600],
      ['min', 60],
    ] as const
  ).find(([, size]) => seconds >= size) ?? ['s', 1]
  return `${Math.floor(seconds / size)} ${unit}`
}
