import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { repository } from '@botyard/local-infra'

const run = promisify(execFile)
const version = '7.0.4'
const ecosystem = join(repository, 'infra', 'pm2', 'ecosystem.config.cjs')

/** The real PM2, with a daemon of its own. */
export interface Pm2 {
  start(only: string): Promise<void>
  reload(name: string): Promise<void>
  /** The pids of the processes that are online. */
  pids(name: string): Promise<number[]>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Fetches PM2 from npm into a folder of its own: 25 MB that the workspace has no other use for. Its daemon
 * runs on this Node, and ends with it.
 */
export async function installPm2(env: Readonly<Record<string, string>>): Promise<Pm2> {
  const folder = await mkdtemp(join(tmpdir(), 'botyard-pm2-'))
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', '--prefix', folder]
  await run('npm', ['install', ...flags, `pm2@${version}`])
  const program = join(folder, 'node_modules', 'pm2', 'bin', 'pm2')
  const pm2 = async (...args: string[]) => {
    const options = { env: { ...process.env, ...env, PM2_HOME: join(folder, 'home') }, maxBuffer: 2 ** 26 }
    return (await run(process.execPath, [program, ...args], options)).stdout
  }
  return {
    start: async only => void (await pm2('start', ecosystem, '--only', only)),
    reload: async name => void (await pm2('reload', name)),
    async pids(name) {
      const text = await pm2('jlist', '--silent')
      const all = JSON.parse(text.slice(text.indexOf('['))) as {
        name: string
        pid: number
        pm2_env: { status: string }
      }[]
      return all.filter(it => it.name === name && it.pm2_env.status === 'online').map(it => it.pid)
    },
    async [Symbol.asyncDispose]() {
      await pm2('kill').catch(() => undefined)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
