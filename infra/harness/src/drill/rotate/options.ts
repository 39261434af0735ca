import { number, type Values } from '../../shared/options.ts'

/** What the command line takes. */
export const options = {
  rotations: number('new keys, one after another', { default: 2 }),
  updates: number('updates a second that people write meanwhile', { default: 50 }),
  workers: number('worker processes', { default: 2 }),
  recipients: number('recipients of a broadcast that waits until the end', { default: 2_000 }),
  seconds: number('how long people talk between two steps', { default: 5, min: 0, fractions: true }),
}

/** The size of a run. */
export type RotateOptions = Values<typeof options>
