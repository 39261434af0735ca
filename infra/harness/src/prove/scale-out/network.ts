import { spawnSync } from 'node:child_process'
import { userInfo } from 'node:os'
import { UnreachableError } from '../../shared/errors.ts'
import { mustRun, runProgram } from '../../shared/run-program.ts'

/** A machine of its own network stack, reached over a bridge. */
export interface Machine {
  readonly host: string
  /** What to put before a command so that it runs there. */
  readonly prefix: readonly string[]
  /** Nothing reaches the machine any more, and nothing leaves it, as when its cable is pulled. */
  unplug(): Promise<void>
  plug(): Promise<void>
}

/** This machine, and some others beside it. */
export interface Network {
  /** Where the others find this one. */
  readonly host: string
  readonly machines: readonly Machine[]
  close(): Promise<void>
}

/** Not that of another run, which may have been killed and left its bridge. */
const subnet = `10.${100 + (process.pid % 100)}.${process.pid % 250}`

/** Makes a bridge and a network namespace for each machine; as root on Linux only. */
export async function startNetwork(machines: number): Promise<Network> {
  if (process.platform !== 'linux' || userInfo().uid !== 0) {
    throw new UnreachableError('This needs Linux and root: it makes network namespaces')
  }
  const bridge = `byb${process.pid}`
  const nameOf = (n: number) => `botyard-${process.pid}-${n}`
  const linkOf = (n: number) => `byv${process.pid}-${n}`
  const numbers = Array.from({ length: machines }, (_, i) => i + 1)
  const ip = (...args: readonly string[]) => mustRun('ip', args)
  const removals = [...numbers.map(n => ['netns', 'delete', nameOf(n)]), ['link', 'delete', bridge]]
  const removeNow = () => {
    for (const args of removals) spawnSync('ip', args)
  }
  process.once('exit', removeNow)
  const close = async () => {
    for (const args of removals) await runProgram('ip', args)
    process.off('exit', removeNow)
  }
  try {
    await ip('link', 'add', bridge, 'type', 'bridge')
    await ip('address', 'add', `${subnet}.1/24`, 'dev', bridge)
    await ip('link', 'set', bridge, 'up')
    for (const n of numbers) {
      const inside = ['netns', 'exec', nameOf(n), 'ip'] as const
      await ip('netns', 'add', nameOf(n))
      await ip('link', 'add', linkOf(n), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', nameOf(n))
      await ip('link', 'set', linkOf(n), 'master', bridge, 'up')
      await ip(...inside, 'address', 'add', `${subnet}.${10 + n}/24`, 'dev', 'eth0')
      await ip(...inside, 'link', 'set', 'eth0', 'up')
      await ip(...inside, 'link', 'set', 'lo', 'up')
    }
  } catch (error) {
    await close()
    throw error
  }
  return {
    host: `${subnet}.1`,
    machines: numbers.map(n => ({
      host: `${subnet}.${10 + n}`,
      prefix: ['ip', 'netns', 'exec', nameOf(n)],
      unplug: async () => void (await ip('link', 'set', linkOf(n), 'down')),
      plug: async () => void (await ip('link', 'set', linkOf(n), 'up')),
    })),
    close,
  }
}
