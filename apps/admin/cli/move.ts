import { setTimeout as delay } from 'node:timers/promises'
import type { ApiClient } from './api-client.ts'

/** A move as the admin API shows it. */
export interface Move {
  readonly id: string
  readonly source: string
  readonly target: string
  readonly from: string
  readonly to: string
  readonly step: string
  readonly state: string
  readonly error: string | null
  readonly progress: {
    readonly rows: number
    readonly copiedRows: number
    readonly copiedBytes: number
    readonly tables: number
    readonly tablesReady: number
    readonly lagBytes?: number
    readonly attempts?: number
    readonly pauseMs?: number
    readonly rowsCompared?: number
    readonly deletedRows?: number
  }
}

const lookMs = 500

/**
 * Looks at a move until it has ended, pausing between the looks, and says a line whenever something has
 * changed.
 */
export async function followMove(
  api: Pick<ApiClient, 'get'>,
  id: string,
  say: (line: string) => void,
  pause: () => Promise<void> = () => delay(lookMs),
): Promise<Move> {
  for (let last = ''; ; await pause()) {
    const move = await api.get<Move>(`/shards/moves/${id}`)
    const line = describeMove(move)
    if (line !== last) say(line)
    last = line
    if (move.state !== 'running' && move.state !== 'cancelling') return move
  }
}

/** One line about how far a move is. */
export function describeMove({ id, state, step, error, progress }: Move): string {
  const { rows, copiedRows, tables, tablesReady, lagBytes, attempts, pauseMs, rowsCompared, deletedRows } =
    progress
  const facts = [
    ...(step === 'copy'
      ? [`about ${copiedRows} of ${rows} rows copied, ${tablesReady} of ${tables} tables ready`]
      : []),
    ...(step === 'copy' && lagBytes !== undefined ? [`${lagBytes} bytes behind`] : []),
    ...(step === 'fence' && attempts !== undefined ? [`try ${attempts}`] : []),
    ...(pauseMs !== undefined ? [`writes paused for ${pauseMs} ms`] : []),
    ...(rowsCompared !== undefined ? [`${rowsCompared} rows compared`] : []),
    ...(deletedRows !== undefined ? [`${deletedRows} rows deleted at the source`] : []),
    ...(error !== null ? [error] : []),
  ]
  return [`${id} ${state}${state === 'running' ? `: ${step}` : ''}`, ...facts].join(', ')
}
