import { access, constants, mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startChild, type TestProcess } from './child.ts'
import { freePort } from './free-port.ts'

/** A real Redis server of one's own. */
export interface TestRedis {
  readonly url: string
  readonly port: number
  /** The process that runs now: another one after `restart`. */
  readonly pid: number
  /** Where its append-only file lies. */
  readonly dir: string
  /** Sends a signal (SIGKILL) and waits for the end of the process. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again on the same port and directory; ends it by SIGTERM first if it still runs. */
  restart(options?: { waitUntilReady?: boolean }): Promise<void>
  /** Waits until it accepts commands, a possible loading of its append-only file over. */
  waitUntilReady(): Promise<void>
  /** SIGSTOP: it answers nothing and keeps its connections. */
  pause(): void
  /** SIGCONT. */
  resume(): void
  /** Ends it and removes its directory, unless that was given. */
  stop(): Promise<void>
}

/**
 * How a test's Redis differs from the default: append-only file, fsync every second, no eviction, no
 * snapshots.
 */
export interface StartRedisOptions {
  /** Keep the data here; default a new temporary directory, removed by `stop`. */
  dir?: string
  /** Default a free one. */
  port?: number
  appendfsync?: 'always' | 'everysec' | 'no'
  /** Variables of the server's process. */
  env?: NodeJS.ProcessEnv
  /** More arguments of the server, as `['--maxmemory', '50mb']`. */
  extra?: readonly string[]
}

/** Starts a Redis (or Valkey) server on 127.0.0.1; it accepts commands when this resolves. */
export async function startRedis(options: StartRedisOptions = {}): Promise<TestRedis> {
  const { appendfsync = 'everysec', extra = [], env = {} } = options
  const binary = await findRedisBinary()
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'botyard-redis-')))
  const launch = (port: number) =>
    startChild(
      binary,
      [
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', 'yes'],
        ...['--appendfsync', appendfsync, '--maxmemory-policy', 'noeviction', ...extra],
      ],
      { env: { ...process.env, ...env } },
    )

  let port = options.port ?? (await freePort())
  let server = await launch(port)
  try {
    while (!(await isReady(server, port))) {
      // Somebody took the port between our look and the server's: try another one.
      if (options.port !== undefined || !isPortTaken(server)) throw startFailure(server)
      port = await freePort()
      server = await launch(port)
    }
  } catch (error) {
    await server.kill()
    if (options.dir === undefined) await rm(dir, { recursive: true, force: true })
    throw error
  }

  const waitUntilReady = async () => {
    if (!(await isReady(server, port))) throw startFailure(server)
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    dir,
    get pid() {
      return server.pid
    },
    async kill(signal) {
      await server.kill(signal)
    },
    async restart({ waitUntilReady: wait = true } = {}) {
      await server.kill('SIGTERM')
      server = await launch(port)
      if (wait) await waitUntilReady()
    },
    waitUntilReady,
    pause: () => server.pause(),
    resume: () => server.resume(),
    async stop() {
      await server.kill()
      if (options.dir === undefined) await rm(dir, { recursive: true, force: true })
    },
  }
}

/** The server that tests run. */
export async function findRedisBinary(): Promise<string> {
  for (const name of ['redis-server', 'valkey-server']) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const file = join(folder, name)
      const found = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
      if (found) return file
    }
  }
  throw new Error(
    'These tests need a real Redis: neither redis-server nor valkey-server is on PATH. ' +
      'Install one: apt-get install redis-server (Debian, Ubuntu), dnf install valkey (Fedora), brew install redis (macOS)',
  )
}

/** Polls until the server answers PONG; false if the process ended. */
async function isReady(server: TestProcess, port: number): Promise<boolean> {
  // Another server on our port would answer too, hence the process id.
  const ready = new RegExp(`^\\+PONG[^]*process_id:${server.pid}\\r`)
  while (server.running) {
    if (ready.test(await ask(port, 'PING\r\nINFO server\r\nQUIT\r\n').catch(() => ''))) return true
    await delay(5)
  }
  await server.exited
  return false
}

async function ask(port: number, commands: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  try {
    socket.write(commands)
    return (await socket.toArray()).join('')
  } finally {
    socket.destroy()
  }
}

function isPortTaken(server: TestProcess): boolean {
  return server.lines.some(line => line.includes('Address already in use'))
}

function startFailure(server: TestProcess): Error {
  return new Error(`Redis did not start. Its output:\n${server.lines.slice(-20).join('\n')}`)
}
