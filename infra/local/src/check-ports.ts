import type { Config } from './config.ts'
import { isPortTaken } from './free-port.ts'
import { StartupError } from './startup-error.ts'

const names = ['GATEWAY_PORT', 'ADMIN_PORT', 'GATEWAY_OPS_PORT', 'WORKER_OPS_PORT', 'ADMIN_OPS_PORT'] as const

/** Throws a `StartupError` that names every port of the stack that another program has, and a free one instead. */
export async function checkPorts(config: Config): Promise<void> {
  const seen = new Set<number>()
  const taken: string[] = []
  const instead: string[] = []
  for (const name of names) {
    const port = config[name]
    if (seen.has(port) || (await isUsed(port))) {
      taken.push(`${port} (${name})`)
      instead.push(`${name}=${await freePortAbove(port, seen)}`)
    }
    seen.add(port)
  }
  if (taken.length === 0) return
  const [ports, are, it] = taken.length === 1 ? ['Port', 'is', 'it'] : ['Ports', 'are', 'them']
  throw new StartupError(
    `${ports} ${taken.join(', ')} ${are} in use by another program.`,
    `End the program that has ${it} (\`lsof -i :${config[names.find(name => taken[0]!.includes(name))!]}\` names it), or choose another:\n  ${instead.join(' ')} npm start`,
  )
}

async function freePortAbove(port: number, besides: ReadonlySet<number>): Promise<number> {
  let next = port + 10
  while (besides.has(next) || (await isUsed(next))) next++
  return next
}

/** A program that listens on all addresses has the port of 127.0.0.1 too, and the other way round. */
async function isUsed(port: number): Promise<boolean> {
  return (await isPortTaken(port, '127.0.0.1')) || (await isPortTaken(port, '0.0.0.0'))
}
