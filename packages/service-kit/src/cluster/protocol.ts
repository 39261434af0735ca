/** What the primary asks a child: whether its event loop turns, its checks, its metrics. */
export type Question = 'live' | 'ready' | 'metrics'

/** What the primary says to a child. */
export type Order =
  | { readonly botyard: 'ask'; readonly id: number; readonly what: Question }
  /** Close as after SIGTERM; said again it changes nothing. */
  | { readonly botyard: 'stop' }

/** What a child says to the primary. */
export type Report =
  | { readonly botyard: 'answer'; readonly id: number; readonly value: unknown }
  /** The start is over: it listens, or works. */
  | { readonly botyard: 'serving' }
  /** Its last metrics, just before its end. */
  | { readonly botyard: 'last'; readonly metrics: readonly MetricJson[] }

/** One metric, as `Registry.getMetricsAsJSON` tells it. */
export interface MetricJson {
  readonly name: string
  readonly type: unknown
  readonly values?: unknown
}

/** Among the arguments of a child's process, followed by its place among the others. */
export const childFlag = '--child'

/** Whether a message that came over the channel of a process is one of ours: Node and PM2 use it too. */
export function isOurs<T extends Order | Report>(message: unknown): message is T {
  return typeof message === 'object' && message !== null && 'botyard' in message
}
