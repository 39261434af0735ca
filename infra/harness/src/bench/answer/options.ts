import { choices, flag, number, text, type Values } from '../../shared/options.ts'
import { fsyncPolicies } from '../systems/benched-system.ts'
import { loadNames } from './loads.ts'

const comparable = ['botyard', 'recipe', 'grammy'] as const

/** What the command line takes. */
export const options = {
  load: choices(`how busy: ${loadNames.join(', ')} or all`, { of: loadNames, all: 'all' }),
  seconds: number('measured seconds of one run', { default: 4, min: 0.5, fractions: true }),
  lead: number('seconds of the same load before them, until it is steady', {
    default: 2,
    min: 0,
    fractions: true,
  }),
  warmup: number('seconds of load before the first run', { default: 5, min: 0.1, fractions: true }),
  rounds: number('runs of each system under each load, in turn (A B B A)', { default: 4 }),
  'in-flight': number('updates under way at once, from the call to the reply', { default: 4_000 }),
  connections: number('webhook calls under way at once', { default: 256 }),
  chats: number('conversations', { default: 20_000 }),
  fsync: choices(`how Redis writes: ${fsyncPolicies.join(', ')} or both`, {
    of: fsyncPolicies,
    all: 'both',
    default: 'always',
  }),
  only: choices(`some of ${comparable.join(', ')}`, { of: comparable, all: 'all' }),
  stateful: flag("also a bot of Botyard's that reads ctx.user and updates ctx.state before it replies"),
  release: text('a commit whose build of Botyard runs in turn with this one', { default: '' }),
  profile: flag("take processor profiles of gateways and workers, for Chrome's or VS Code's viewer"),
}

/** How the answer benchmark is to run. */
export type AnswerOptions = Values<typeof options>
