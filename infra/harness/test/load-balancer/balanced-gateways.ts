import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { freePort, until } from '@botyard/testkit'
import { type OperatedSystem, type RunningApp, startSystem } from '../../src/prove/operations/system.ts'

/** Two gateways that a load balancer stands before. */
export interface BalancedGateways {
  readonly system: OperatedSystem
  /** Their addresses, which stay the same over a restart. */
  readonly places: readonly GatewayPlace[]
  /** The gateways as they run now. */
  readonly running: RunningApp[]
  /** Starts the one in a place again. */
  restart(place: number): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface GatewayPlace {
  readonly port: number
  readonly opsPort: number
}

/** Starts data and both gateways, which trust the load balancer's address and nobody else's. */
export async function startBalancedGateways(): Promise<BalancedGateways> {
  await using stack = new AsyncDisposableStack()
  const system = stack.use(await startSystem())
  const places: GatewayPlace[] = []
  for (let i = 0; i < 2; i++) places.push({ port: await freePort(), opsPort: await freePort() })
  const start = (place: number) =>
    system.start('gateway', {
      GATEWAY_PORT: String(places[place]!.port),
      GATEWAY_OPS_PORT: String(places[place]!.opsPort),
      TRUST_PROXY: '127.0.0.1',
    })
  const running = [await start(0), await start(1)]
  await Promise.all(places.map(untilReady))
  const owned = stack.move()
  return {
    ...{ system, places, running },
    async restart(place) {
      running[place] = await start(place)
      await untilReady(places[place]!)
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Starts a load balancer and resolves when it listens; it ends with the test. */
export async function startBalancer(
  t: { after(hook: () => unknown): void },
  { command, args, env, ports }: BalancerProgram,
): Promise<void> {
  const path = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`
  const child = spawn(command, args, { env: { ...process.env, PATH: path, ...env }, stdio: 'ignore' })
  t.after(() => end(child))
  // It opens one after the other.
  for (const port of ports) await until(() => listens(port))
}

export interface BalancerProgram {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** All that it listens on. */
  readonly ports: readonly number[]
}

function untilReady({ opsPort }: GatewayPlace): Promise<void> {
  return until(() =>
    fetch(`http://127.0.0.1:${opsPort}/ready`).then(
      answer => answer.ok,
      () => false,
    ),
  )
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

function listens(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}
