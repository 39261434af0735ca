import type { Config } from '../config.ts'
import { StartupError } from '../errors.ts'
import { portState } from './free-port.ts'

const names = ['GATEWAY_PORT', 'ADMIN_PORT', 'GATEWAY_OPS_PORT', 'WORKER_OPS_PORT', 'ADMIN_OPS_PORT'] as const

/**
 * Throws a `StartupError` that names every port that the stack cannot have, and for each a free one instead.
 */
export async function checkPorts(config: Config): Promise<void> {
  const seen = new Set<number>()
  const problems: string[] = []
  const instead: string[] = []
  for (const name of names) {
    const port = config[name]
    const state = seen.has(port) ? 'doubled' : await stateOf(port)
    seen.add(port)
    if (state === 'free') continue
    problems.push(`Port ${port} (${name}) ${reasons[state]}.`)
    instead.push(`${name}=${await freePortNear(port, seen)}`)
  }
  if (problems.length === 0) return
  throw new StartupError(problems.join('\n'), `Choose other ports:\n  ${instead.join(' ')} npm start`)
}

const reasons = {
  taken: 'is in use by another program',
  forbidden: 'may not be used by you: those below 1024 are root’s',
  doubled: 'is given twice',
}

async function freePortNear(port: number, besides: Set<number>): Promise<number> {
  let next = port < 1024 ? port + 8000 : port + 10
  while (besides.has(next) || (await stateOf(next)) !== 'free') next++
  besides.add(next)
  return next
}

/** A program that listens on all addresses has the port of 127.0.0.1 too, and the other way round. */
async function stateOf(port: number): Promise<'free' | 'taken' | 'forbidden'> {
  const state = await portState(port, '127.0.0.1')
  return state === 'free' ? await portState(port, '0.0.0.0') : state
}
