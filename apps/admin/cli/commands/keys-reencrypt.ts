import { defineCommand } from '../command.ts'

interface Part {
  readonly active: string
  readonly changed: Readonly<Record<string, number>>
  readonly unreadable: Readonly<Record<string, number>>
  readonly next?: object
}

/** `botyard keys reencrypt` */
export const keysReencrypt = defineCommand({
  words: 'keys reencrypt',
  summary: 'seals what is durable under the active key; may be broken off and repeated',
  async run({ api, print, say }) {
    const changed: Record<string, number> = {}
    const unreadable: Record<string, number> = {}
    let part: Part
    let from: object | undefined
    do {
      part = await api.post<Part>('/keys/reencrypt', from === undefined ? {} : { from })
      add(changed, part.changed)
      add(unreadable, part.unreadable)
      from = part.next
      if (from !== undefined)
        say(`${total(changed)} sealed anew so far, now in ${(from as { table: string }).table} …`)
    } while (from !== undefined)
    print({ active: part.active, changed, unreadable }, () =>
      [
        total(changed) === 0
          ? `Nothing was left to seal under ${part.active}.`
          : `Sealed anew under ${part.active}:`,
        ...lines(changed),
        ...(total(unreadable) > 0 ? ['Left as they are, because no key of the ring opens them:'] : []),
        ...lines(unreadable),
      ].join('\n'),
    )
    return undefined
  },
})

function add(sum: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [place, count] of Object.entries(counts)) sum[place] = (sum[place] ?? 0) + count
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

function lines(counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts).map(([place, count]) => `  ${place} ${count}`)
}
