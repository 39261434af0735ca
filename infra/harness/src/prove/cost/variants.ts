/** One way in which a run differs from the reference. */
export interface Variant {
  readonly dimension: 'chats' | 'backlog' | 'payload' | 'processes'
  readonly name: string
  readonly chats?: number
  /** Updates of another bot that wait meanwhile. */
  readonly backlog?: number
  /** Characters of the message's text. */
  readonly textLength?: number
  /** Of gateway and worker each (`PROCESSES`). */
  readonly processes?: number
  /** A cost that does not grow stays within this of the reference; undefined where it must grow. */
  readonly maxTimes?: number
}

/**
 * What a run is compared with: 20,000 chats, nothing waits, a text of a sentence or two, one process of each
 * app.
 */
export const referenceChats = 20_000

/** "Flat in chats and backlog": a fifth is what runs of the same differ by on a shared machine. */
const flat = 1.2

/** In the order of the report. */
export const variants: readonly Variant[] = [
  { dimension: 'chats', name: '1,000 chats', chats: 1_000, maxTimes: flat },
  { dimension: 'chats', name: '100,000 chats', chats: 100_000, maxTimes: flat },
  { dimension: 'chats', name: '1,000,000 chats', chats: 1_000_000, maxTimes: flat },
  { dimension: 'backlog', name: '1,000 wait', backlog: 1_000, maxTimes: flat },
  { dimension: 'backlog', name: '1,000,000 wait', backlog: 1_000_000, maxTimes: flat },
  { dimension: 'payload', name: '4 KB', textLength: 4_000 },
  { dimension: 'payload', name: '64 KB', textLength: 64_000 },
  { dimension: 'processes', name: '2 processes', processes: 2 },
  { dimension: 'processes', name: '4 processes', processes: 4 },
]

/** What can be named on the command line. */
export const dimensions = ['chats', 'backlog', 'payload', 'processes'] as const
