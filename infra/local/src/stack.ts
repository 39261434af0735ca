import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { issueAdminToken } from './apps/admin-token.ts'
import { appProcess } from './apps/app-process.ts'
import { readAppVariables } from './apps/app-variables.ts'
import { appsEnvironment } from './apps/apps-environment.ts'
import { checkBots } from './apps/check-bots.ts'
import { runAppScript } from './apps/run-app-script.ts'
import { startDevelopment } from './apps/start-development.ts'
import { type Config, exampleBots, inheritedEnvironment } from './config.ts'
import { openData } from './databases/open-data.ts'
import { StartupError } from './errors.ts'
import { type BotApiStandIn, startBotApiStandIn } from './example-bots/bot-api-stand-in.ts'
import { invite } from './example-bots/invitation.ts'
import { prepareExamples } from './example-bots/prepare-examples.ts'
import { checkPorts } from './processes/check-ports.ts'
import { endOrphansOnce } from './processes/end-orphans.ts'
import { createSupervisor, type Supervisor, type SupervisorEvents } from './processes/supervisor.ts'
import { claimSupervision, isSupervised, readSupervisorRecord } from './processes/supervisor-record.ts'
import { showReadyScreen } from './screen/ready-screen.ts'
import { createReplyLines } from './screen/reply-lines.ts'
import type { Terminal } from './screen/terminal.ts'
import { type RunFile, readRunFile, writeRunFile } from './state/run-file.ts'
import { prepareSecrets } from './state/secrets.ts'
import { prepareStateFolder, resetStateFolder, type StateFolder } from './state/state-folder.ts'

/** Renewed daily: a token of this life never runs out during a run. */
const tokenHours = 30 * 24
const renewEveryMs = 86_400_000

/** The whole of Botyard on this machine. */
export interface Stack {
  /** Brings it up and shows the ready screen; rejects with a `StartupError`. */
  start(): Promise<void>
  /** Ends every process; may be called at any time. */
  stop(): Promise<void>
}

/** Puts the stack together; nothing happens before `start`. */
export function createStack(
  config: Config,
  folder: StateFolder,
  terminal: Terminal,
  options: { reset: boolean; watch: boolean },
): Stack {
  let supervisor: Supervisor | undefined
  let botApi: BotApiStandIn | undefined
  let renewal: NodeJS.Timeout | undefined
  let development: { close(): Promise<void> } | undefined
  let announce = () => {}
  const events: SupervisorEvents = {
    started: () => announce(),
    crashed: ({ name }, how, ms) =>
      terminal.line(`  ${terminal.red('✗')} ${name} ${ended(how)}, starting it again in ${ms / 1000} s`),
    unrecorded: error =>
      terminal.line(`  ${terminal.red('✗')} ${folder.run} could not be written: ${error.message}`),
    recovered: ({ name }, pid) => terminal.line(`  ${terminal.green('✓')} ${name} is back (pid ${pid})`),
  }

  async function start(): Promise<void> {
    const startedAt = performance.now()
    await takeCharge(folder)
    supervisor = createSupervisor(folder, events)
    if (options.reset) resetStateFolder(folder)
    rmSync(folder.run, { force: true })
    prepareStateFolder(folder)
    await checkPorts(config)
    const secrets = prepareSecrets(folder.secrets)

    const variables = await readAppVariables()
    const secretsFolder = folder.secrets
    const nowhere = { redisUrl: '', controlDatabaseUrl: '', shards: [] }
    await checkBots(
      appsEnvironment(inheritedEnvironment, config, nowhere, { secretsFolder, variables })('worker'),
      terminal,
    )
    const data = await openData({ config, folder, secrets, supervisor, terminal })
    const envOf = appsEnvironment(inheritedEnvironment, config, data, { secretsFolder, variables })
    await terminal.step('Database migrations', async () => {
      const log = join(folder.logs, 'migrate.log')
      await runAppScript('The migration of the databases', 'admin/src/migrate.ts', {
        env: envOf('migrate'),
        log,
      })
      await runAppScript("The migration of the bots' tables", 'worker/src/migrate.ts', {
        env: envOf('migrateBots'),
        log,
      })
    })

    const at = (port: number) => `http://127.0.0.1:${port}`
    const opsUrls = {
      gateway: at(config.GATEWAY_OPS_PORT),
      worker: at(config.WORKER_OPS_PORT),
      admin: at(config.ADMIN_OPS_PORT),
    }
    const app = (name: keyof typeof opsUrls) =>
      appProcess(name, { env: envOf(name), logs: folder.logs, opsUrl: opsUrls[name] })
    await terminal.step('Gateway, worker and admin', () =>
      supervisor!.start([app('gateway'), app('worker'), app('admin')]),
    )

    let adminToken = await issueAdminToken(envOf('issueToken'), tokenHours)
    const run = (): RunFile => ({
      gatewayUrl: at(config.GATEWAY_PORT),
      adminUrl: at(config.ADMIN_PORT),
      adminToken,
      opsUrls,
      redisUrl: data.redisUrl,
      controlDatabaseUrl: data.controlDatabaseUrl,
      shardDatabaseUrls: data.shards.map(shard => shard.hosts[0]!),
      pids: pidsOf(supervisor!),
    })
    botApi = await startBotApiStandIn(createReplyLines(terminal))
    const credentials = {
      token: secrets.BOT_TOKEN,
      webhookSecret: secrets.WEBHOOK_SECRET,
      apiRoot: botApi.url,
    }
    const admin = { url: at(config.ADMIN_PORT), token: adminToken }
    const examples = await terminal.step('Bots to try', () =>
      prepareExamples(admin, credentials, { ownCode: envOf('worker').BOTS_DIR !== exampleBots }),
    )

    announce = () => writeRunFile(folder.run, run())
    announce()
    renewal = setInterval(async () => {
      // A renewal that fails is tried again tomorrow: the old token has weeks left.
      adminToken = await issueAdminToken(envOf('issueToken'), tokenHours).catch(() => adminToken)
      announce()
    }, renewEveryMs)
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    const invitation = invite(examples, {
      run: run(),
      runFile: folder.run,
      botsDir: envOf('worker').BOTS_DIR!,
      credentials,
    })
    showReadyScreen(terminal, { run: run(), folder, invitation, seconds })
    if (options.watch) development = startDevelopment({ supervisor, terminal, workerEnv: envOf('worker') })
  }

  async function stop(): Promise<void> {
    clearInterval(renewal)
    announce = () => {}
    await development?.close()
    await supervisor?.stop()
    await botApi?.close()
  }

  return { start, stop }
}

/** Makes this process the one supervisor of the folder, after ending what a killed one left. */
async function takeCharge(folder: StateFolder): Promise<void> {
  try {
    mkdirSync(folder.root, { recursive: true })
    while (!claimSupervision(folder.supervisor)) {
      const record = readSupervisorRecord(folder.supervisor)
      if (record && isSupervised(record)) throw alreadyRunning(record.supervisor.pid, folder)
      await endOrphansOnce(folder)
    }
  } catch (cause) {
    if (cause instanceof StartupError) throw cause
    throw new StartupError(
      `The state folder ${folder.root} cannot be used: ${(cause as Error).message}.`,
      'Make it a folder of yours (`chown`), free some disk space, or name another one: BOTYARD_DIR=/some/folder npm start',
      { cause },
    )
  }
}

function alreadyRunning(pid: number, folder: StateFolder): StartupError {
  const gateway = readRunFile(folder.run)?.gatewayUrl
  return new StartupError(
    `Botyard runs here already: pid ${pid}${gateway ? `, gateway ${gateway}` : ', still starting'}.`,
    `See how it does with \`npm run status\`, end it with Ctrl-C in its terminal or \`kill ${pid}\`, or run a second one beside it:\n  BOTYARD_DIR=.botyard-2 GATEWAY_PORT=8090 ADMIN_PORT=8091 GATEWAY_OPS_PORT=9111 WORKER_OPS_PORT=9112 ADMIN_OPS_PORT=9113 npm start`,
  )
}

function pidsOf(supervisor: Supervisor): RunFile['pids'] {
  // One process is its pid; none (between crash and restart, or not ours) is an empty list.
  const one = (name: string) => supervisor.pids(name)[0] ?? []
  return {
    gateway: one('gateway'),
    worker: one('worker'),
    admin: one('admin'),
    redis: one('redis'),
    postgres: supervisor.pids('postgres'),
  }
}

/**
 * Who exits with 0 has ended as somebody wished, and has crashed no more than a process that was sent
 * SIGTERM.
 */
function ended(how: string): string {
  return `${how === 'exit code 0' ? 'ended' : 'crashed'} (${how})`
}
