import { choices, flag, number, text, type Values } from '../../shared/options.ts'
import { shapes } from '../load/chat-sequence.ts'
import { fsyncPolicies } from '../systems/benched-system.ts'

/** What the command line takes. */
export const options = {
  seconds: number('load of one run', { default: 2, min: 0.1, fractions: true }),
  warmup: number('seconds of load before the first run, not counted', {
    default: 8,
    min: 0.1,
    fractions: true,
  }),
  rounds: number('runs of each system, in turn', { default: 15 }),
  connections: number('requests under way at once', { default: 256 }),
  chats: number('conversations', { default: 20_000 }),
  shape: choices(`how busy the chats are: ${shapes.join(', ')} or all`, {
    of: shapes,
    all: 'all',
    default: 'uniform',
  }),
  fsync: choices(`how Redis writes: ${fsyncPolicies.join(', ')} or both`, { of: fsyncPolicies, all: 'both' }),
  only: choices('botyard or recipe alone', { of: ['botyard', 'recipe'], all: 'both' }),
  release: text('a commit whose build of Botyard runs in turn with this one', { default: '' }),
  profile: flag("take processor profiles of gateway and worker, for Chrome's or VS Code's viewer"),
}

/** How the ingest benchmark is to run. */
export type IngestOptions = Values<typeof options>
