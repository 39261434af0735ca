import { readFileSync } from 'node:fs'
import { untilTrue } from '@botyard/testkit'
import type { Engine } from './engine.ts'
import { resourceLimits } from './image-contents.ts'

/** A running container of one app. */
export interface Container {
  readonly name: string
  /** Resolves when /ready says so; rejects with its log if it ends first. */
  ready(): Promise<void>
  /** The exit code of the image's own health check. */
  health(): Promise<number>
  /** How its process 1 runs, as the host sees it. */
  confinement(): Promise<Confinement>
  log(): Promise<string>
  signal(name: 'SIGTERM'): Promise<void>
  /** The exit code, once it has ended. */
  ended(): Promise<number>
}

/** What a process may do. */
export interface Confinement {
  readonly pid: number
  readonly user: number
  readonly capabilities: bigint
  readonly noNewPrivileges: boolean
  readonly writable: readonly string[]
  readonly children: readonly ChildProcess[]
}

/** A child of process 1, by its number on the host. */
export interface ChildProcess {
  readonly pid: number
  readonly isZombie: boolean
}

export interface ContainerOptions {
  readonly image: string
  readonly env: Readonly<Record<string, string>>
  /** Folders by where the container sees them, for reading. */
  readonly folders: Readonly<Record<string, string>>
  readonly command?: readonly string[]
  readonly opsPort: number
}

const confined = ['--read-only', '--read-only-tmpfs=false', '--cap-drop', 'all']
/** No rights, no way to gain any, and not one folder that can be written: as strict as any orchestrator. */
export const strict = [
  ...confined,
  '--security-opt',
  'no-new-privileges',
  '--network',
  'host',
  ...resourceLimits,
]

/** Runs a command of an image to its end; answers what it printed, throws unless it succeeded. */
export async function runToEnd(engine: Engine, options: Omit<ContainerOptions, 'opsPort'>): Promise<string> {
  return await engine.podman('run', '--rm', '--no-healthcheck', ...argumentsOf(options))
}

/** Starts an app; its ops routes listen on `opsPort`. */
export async function startContainer(
  engine: Engine,
  name: string,
  options: ContainerOptions,
): Promise<Container> {
  await engine.podman('run', '--detach', '--name', name, ...argumentsOf(options))
  const inspect = async (what: string) => (await engine.podman('inspect', '--format', what, name)).trim()
  const log = async () => (await engine.tryPodman('logs', name)).output
  const isReady = async () => {
    if ((await inspect('{{.State.Running}}')) === 'false') return 'ended'
    const answer = await fetch(`http://127.0.0.1:${options.opsPort}/ready`).catch(() => undefined)
    return answer?.ok ? 'ready' : 'not yet'
  }

  return {
    name,
    log,
    async ready() {
      await untilTrue(async () => (await isReady()) !== 'not yet', `${name} is ready`, 60_000)
      if ((await isReady()) !== 'ready') throw new Error(`${name} ended:\n${await log()}`)
    },
    health: async () => (await engine.tryPodman('healthcheck', 'run', name)).code,
    confinement: async () => readConfinement(await inspect('{{.State.Pid}}')),
    async signal(signal) {
      await engine.podman('kill', '--signal', signal, name)
    },
    ended: async () => Number(await engine.podman('wait', name)),
  }
}

function argumentsOf({ image, env, folders, command = [] }: Omit<ContainerOptions, 'opsPort'>): string[] {
  const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`])
  const volumes = Object.entries(folders).flatMap(([at, folder]) => ['--volume', `${folder}:${at}:ro`])
  return [...strict, ...variables, ...volumes, image, ...command]
}

function readConfinement(pid: string): Confinement {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const field = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1] ?? ''
  const mounts = readFileSync(`/proc/${pid}/mounts`, 'utf8').trim().split('\n')
  // What the kernel itself shows there is no file of anybody's.
  const files = mounts.map(line => line.split(' ')).filter(([, at]) => !/^\/(proc|sys|dev)\b/.test(at ?? ''))
  return {
    pid: Number(field('NSpid').split(/\s+/).at(-1)),
    user: Number(field('Uid').split(/\s+/)[0]),
    capabilities: BigInt(`0x${field('CapEff')}`) | BigInt(`0x${field('CapBnd')}`),
    noNewPrivileges: field('NoNewPrivs') === '1',
    writable: files.filter(([, , , how]) => !how?.split(',').includes('ro')).map(([, at]) => at ?? ''),
    children: childrenOf(pid),
  }
}

function childrenOf(pid: string): ChildProcess[] {
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  return pids.map(child => {
    const isZombie = /^State:\s+Z/m.test(readFileSync(`/proc/${child}/status`, 'utf8'))
    return { pid: Number(child), isZombie }
  })
}
