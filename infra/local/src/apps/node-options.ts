/**
 * Options of Node that an app is started with, by its folder. The gateway's young generation stays at 16 MiB:
 * Node's own bound of 32 lets a flood of refused calls grow the process by 60 MB that hold nothing
 * (`npm run prove -- attack`: + 76 MB half-sent, without the option + 186).
 *
 * The worker's has its 32 MiB from the start: Node doubles it at some moment of load, hours later perhaps,
 * and the process grows by 50 MB at once, which looks like a leak (`npm run prove -- soak`). With 16 MiB the
 * worker needs 7 % more processor time at saturation.
 */
export const nodeOptions: Readonly<Record<'ingest-gateway' | 'worker' | 'admin', readonly string[]>> = {
  'ingest-gateway': ['--max-semi-space-size=16'],
  worker: ['--min-semi-space-size=32', '--max-semi-space-size=32'],
  admin: [],
}
