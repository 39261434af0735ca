/**
 * Options of Node that an app is started with, by its folder. The gateway's young generation stays at 16 MiB:
 * Node's own bound of 32 lets a flood of refused calls grow the process by 60 MB that hold nothing
 * (`npm run prove -- attack`: + 76 MB half-sent, without the option + 186).
 */
export const nodeOptions: Readonly<Record<'ingest-gateway' | 'worker' | 'admin', readonly string[]>> = {
  'ingest-gateway': ['--max-semi-space-size=16'],
  worker: [],
  admin: [],
}
