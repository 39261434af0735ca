import { boxNames, type ConversationKey } from '@botyard/queue-contracts'
import fc from 'fast-check'
import type { Disposition } from '../../src/index.ts'
import { replyOf } from '../rig.ts'

export const conversations: readonly ConversationKey[] = ['a/1', 'a/2', 'a/3', 'b/1', 'c/1']
export const processes = ['p0', 'p1', 'p2'] as const
const long = 10_000_000

const anyBox = fc.constantFrom(...boxNames)
const anyBot = fc.constantFrom('a', 'b', 'c')
const anyProcess = fc.nat({ max: processes.length - 1 })
const anyVerb = fc.constantFrom(
  'ack',
  'dead',
  'quarantine',
  'retry',
  'again',
  'pause',
  'park',
  'back',
  'unreadable',
  'release',
)
const mostlyAck = fc.oneof(
  { weight: 3, arbitrary: fc.constant('ack' as const) },
  { weight: 1, arbitrary: anyVerb },
)
const anySettle = fc.record({
  pick: fc.nat(20),
  verb: mostlyAck,
  keep: fc.boolean(),
  grant: fc.constantFrom(true, true, true, false),
  replies: fc.constantFrom(0, 1, 1, 2),
  wanted: fc.nat(3),
})
const anyClaim = fc.record({
  box: anyBox,
  free: fc.nat(5),
  keep: fc.nat(2),
  token: fc.boolean(),
  suspect: fc.boolean(),
  busy: fc.subarray(['a', 'b', 'c']),
  lookoutMs: fc.constantFrom(0, 0, 1000),
})

/** Whatever may happen to a partition, one step at a time. */
export const anyStep = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      c: fc.constantFrom(...conversations),
      bulk: fc.boolean(),
      box: anyBox,
      again: fc.boolean(),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('turn' as const),
      process: anyProcess,
      settles: fc.array(anySettle, { maxLength: 4 }),
      claim: fc.option(anyClaim, { nil: undefined }),
      answer: fc.constantFrom('comes', 'comes', 'is lost', 'is lost until the process was taken over'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), process: anyProcess }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('freeze' as const), process: anyProcess }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('forget' as const), process: anyProcess, pick: fc.nat(20) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stall' as const), process: anyProcess }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('unpark' as const),
      box: anyBox,
      word: fc.constantFrom('retry', 'skip'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('cap' as const), box: anyBox, bot: anyBot, most: fc.nat(2) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('pause' as const),
      box: anyBox,
      bot: anyBot,
      until: fc.constantFrom(0, long),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resume' as const), box: anyBox, bot: anyBot }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('time' as const) }) },
)

/**
 * Most replies in the outbox of a bot, and most behind its parked ones: mostly so few that histories get
 * there.
 */
export const anyMaxOutbox = fc.constantFrom(0, 1, 3, 1_000)

export type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never
export type TurnStep = Extract<Step, { do: 'turn' }>

/** All entries are of one size, so that every sum of bytes is exact. */
export const bodyOf = (n: number) => Buffer.from(String(n).padStart(4, '0'))

/** What a generated word means. */
export function dispositionOf(
  verb: TurnStep['settles'][number]['verb'],
  replies: readonly number[],
): Disposition {
  switch (verb) {
    case 'ack':
      return { do: 'ack', replies: replies.map(n => replyOf(String(bodyOf(n)))) }
    case 'dead':
      return { do: 'dead', letter: Buffer.from('x'), reason: 'X' }
    case 'quarantine':
      return { do: 'quarantine' }
    case 'retry':
      return { do: 'retry', afterMs: long, counts: true }
    case 'again':
      return { do: 'retry', afterMs: long, counts: false }
    case 'pause':
      return { do: 'pause', afterMs: long }
    case 'park':
      return { do: 'park', reason: 'X' }
    case 'back':
      return { do: 'back', afterMs: long, parkAfterMs: long }
    case 'unreadable':
      return { do: 'back', afterMs: long, parkAfterMs: 0 }
    case 'release':
      return { do: 'release' }
  }
}
