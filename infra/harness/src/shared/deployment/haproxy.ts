import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from '@botyard/local-infra'
import { freePort, startChild, type TestProcess, untilTrue } from '@botyard/testkit'

/** Where a gateway is called, and where it is asked whether it is ready. */
export interface Backend {
  /** Loopback unless given. */
  readonly host?: string
  readonly port: number
  readonly opsPort: number
}

/** A real HAProxy with the configuration of `infra/load-balancer`, before two gateways. */
export interface Haproxy {
  readonly url: string
  /** What `haproxy-server` of infra/deploy reads as HAPROXY_ADMIN_SOCKET. */
  readonly adminSocket: string
  /** Starts it again on the same port, after it was ended by a signal. */
  replace(signal: NodeJS.Signals): Promise<void>
  stop(): Promise<void>
}

const config = join(repository, 'infra', 'load-balancer', 'haproxy.cfg')

/** Starts it; resolves when calls reach a gateway. Rejects if it is not installed. */
export async function startHaproxy([first, second]: readonly [Backend, Backend]): Promise<Haproxy> {
  const [port, statsPort] = [await freePort(), await freePort()]
  const dir = await mkdtemp(join(tmpdir(), 'botyard-haproxy-'))
  const adminSocket = join(dir, 'admin.sock')
  const url = `http://127.0.0.1:${port}`
  const env = {
    ...process.env,
    HAPROXY_ADMIN_SOCKET: adminSocket,
    HAPROXY_BIND: `127.0.0.1:${port}`,
    HAPROXY_STATS: `127.0.0.1:${statsPort}`,
    // All platforms of a proof call from one address.
    HAPROXY_MAX_CONNECTIONS_PER_ADDRESS: '10000',
    GATEWAY_1: `${first.host ?? '127.0.0.1'}:${first.port}`,
    GATEWAY_1_OPS_PORT: String(first.opsPort),
    GATEWAY_2: `${second.host ?? '127.0.0.1'}:${second.port}`,
    GATEWAY_2_OPS_PORT: String(second.opsPort),
  }
  let server: TestProcess
  async function launch(): Promise<void> {
    server = await startChild('haproxy', ['-db', '-f', config], { env })
    await untilTrue(async () => (await fetch(`${url}/`)).status === 404, 'a gateway behind HAProxy')
  }
  await launch()
  return {
    ...{ url, adminSocket },
    async replace(signal) {
      await server.kill(signal)
      await launch()
    },
    async stop() {
      await server.kill('SIGTERM')
      await rm(dir, { recursive: true, force: true })
    },
  }
}
