import { randomBytes } from 'node:crypto'
import { exampleBots, nodeOptions } from '@botyard/local-infra'
import { freePort, startProcess, type TestProcess } from '@botyard/testkit'
import { appFile } from './paths.ts'

/** Variables of an app; `undefined` removes one that this process has. */
export type Env = Readonly<Record<string, string | undefined>>

/** Starts an app as an operator does, and waits until its log says that it is ready. */
export async function startApp(
  app: 'ingest-gateway' | 'worker' | 'admin',
  env: Env,
  options: { timeoutMs?: number } = {},
): Promise<TestProcess> {
  const child = await startProcess(appFile(`${app}/src/server.ts`), {
    env: { LOG_LEVEL: 'info', ...env },
    nodeOptions: nodeOptions[app],
  })
  await child.waitForLine('"msg":"ready"', options)
  return child
}

/** Starts a worker of the example bots, with ops routes on a free port; its bots may call this machine. */
export async function startWorker(env: Env): Promise<TestProcess> {
  const ops = { WORKER_OPS_HOST: '127.0.0.1', WORKER_OPS_PORT: String(await freePort()) }
  const own = { BOTS_DIR: exampleBots, ALLOW_PRIVATE_TARGETS: '127.0.0.0/8' }
  return await startApp('worker', { ...ops, ...own, ...env })
}

/**
 * Runs a script of an app, here or in another repository, to its end, as `admin/src/migrate.ts`; answers what
 * it printed, throws if it failed.
 */
export async function runAppScript(
  path: string,
  env: Env,
  args: readonly string[] = [],
  root?: string,
): Promise<readonly string[]> {
  const child = await startProcess(appFile(path, root), { args, env })
  const { code } = await child.exited
  if (code !== 0) throw new Error(`${path} ended with ${code}:\n${child.lines.join('\n')}`)
  return child.lines
}

/** An owner's token for the admin API. */
export async function issueToken(jwtKeys: string): Promise<string> {
  const args = ['--role', 'owner', '--subject', 'harness']
  return (await runAppScript('admin/src/issue-token.ts', { JWT_KEYS: jwtKeys }, args))[0] ?? ''
}

/** A key as `openssl rand -base64 32` prints it. */
export function newKey(): string {
  return randomBytes(32).toString('base64')
}

/** A keyring, or the keys of the admin API, of one key. */
export function newKeys(id = 'k1'): { active: string; keys: Record<string, string> } {
  return { active: id, keys: { [id]: newKey() } }
}

/** The token of a Telegram bot, of any number. */
export function telegramToken(number = 1): string {
  return `${number}:${'A'.repeat(35)}`
}
