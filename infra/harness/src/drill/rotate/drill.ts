import type { Drill } from '../drill.ts'
import { runRotate } from './run-rotate.ts'

/** `npm run drill -- rotate` */
export const rotateDrill: Drill<'rotations' | 'updates' | 'workers' | 'recipients' | 'seconds'> = {
  summary:
    'gives everything encrypted new keys while people talk: a gateway, workers and the admin app run on, and nothing is lost or unreadable.',
  options: {
    rotations: { help: 'new keys, one after another', default: 2, min: 1 },
    updates: { help: 'updates a second that people write meanwhile', default: 50, min: 1 },
    workers: { help: 'worker processes', default: 2, min: 1 },
    recipients: { help: 'recipients of a broadcast that waits until the end', default: 2_000, min: 1 },
    seconds: { help: 'how long people talk between two steps', default: 5, min: 0, fractions: true },
  },
  run: runRotate,
}
