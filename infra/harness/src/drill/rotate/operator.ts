import { setTimeout as delay } from 'node:timers/promises'
import { type AdminAccess, botyard } from '../../shared/botyard-cli.ts'

/** The keys as the API, and `botyard keys status --json`, shows them. */
export interface KeyStatus {
  readonly keys: readonly {
    readonly id: string
    readonly processes: number
    readonly activeIn: number
    readonly uses: Readonly<Record<string, number>>
  }[]
  readonly processes: readonly { readonly process: string }[]
  readonly unknown: Readonly<Record<string, unknown>>
  readonly complete: boolean
  readonly problems: readonly string[]
}

/** Whether a key may go, and why not. */
export interface Retirement {
  readonly retirable: boolean
  readonly reasons: readonly string[]
}

/**
 * An operator who goes by the runbook: the command line for what is done and decided, the API for what is
 * waited for.
 */
export interface Operator {
  /** Looks until the keys are as wanted; rejects after a minute. */
  until(isSo: (status: KeyStatus) => boolean): Promise<KeyStatus>
  reencrypt(): Promise<{
    changed: Readonly<Record<string, number>>
    unreadable: Readonly<Record<string, number>>
  }>
  mayRetire(id: string): Promise<Retirement>
  /** Looks until a key may go; rejects after a minute. Answers how often it was refused. */
  untilRetirable(id: string): Promise<number>
}

const maxMs = 60_000
const lookEveryMs = 100

/** Makes an operator of the admin app at `url`. */
export function createOperator(admin: AdminAccess): Operator {
  const { url, token } = admin

  async function get<Answer>(path: string): Promise<Answer> {
    const answer = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as Answer
  }

  async function untilSo<Answer>(
    path: string,
    isSo: (answer: Answer) => boolean,
  ): Promise<{ answer: Answer; looks: number }> {
    const deadline = Date.now() + maxMs
    for (let looks = 1; ; looks++) {
      const answer = await get<Answer>(path)
      if (isSo(answer)) return { answer, looks }
      if (Date.now() > deadline)
        throw new Error(`${path} never came to be as wanted: ${JSON.stringify(answer)}`)
      await delay(lookEveryMs)
    }
  }

  return {
    until: async isSo => (await untilSo<KeyStatus>('/keys', isSo)).answer,
    reencrypt: () => botyard(admin, ['keys', 'reencrypt']) as ReturnType<Operator['reencrypt']>,
    mayRetire: id => botyard(admin, ['keys', 'retire-check', id], [0, 1]) as Promise<Retirement>,
    async untilRetirable(id) {
      const { looks } = await untilSo<Retirement>(`/keys/${id}/retirement`, ({ retirable }) => retirable)
      return looks - 1
    },
  }
}
