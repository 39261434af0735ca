// The first thing that runs on a bare machine: plain JavaScript for Node 20, no dependencies. It installs the
// locked workspace if needed, then hands over to the Node 24 that came with it:
// `node bootstrap.mjs <command> [arguments]`.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isatty } from 'node:tty'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const stampFile = join(root, 'node_modules', '.botyard-stamp')
const lockFile = join(root, '.botyard', 'install.lock')

/** What runs each command, and the arguments before the user's own. */
const commands = {
  start: ['infra/local/src/commands/start.ts'],
  dev: ['infra/local/src/commands/start.ts', '--watch'],
  status: ['infra/local/src/commands/status.ts'],
  test: ['infra/local/src/commands/test.ts'],
  check: ['infra/local/src/commands/check.ts'],
  docs: ['infra/local/src/docs/generate-docs.ts'],
  sbom: ['infra/local/src/commands/sbom.ts'],
  audit: ['infra/local/src/commands/audit.ts'],
  'record-release': ['infra/local/src/commands/record-release.ts'],
  affected: ['infra/deploy/src/affected/affected-process.ts'],
  rollout: ['infra/deploy/src/main.ts'],
  simulate: ['infra/harness/src/main.ts', 'simulate'],
  bench: ['infra/harness/src/main.ts', 'bench'],
  prove: ['infra/harness/src/main.ts', 'prove'],
  drill: ['infra/harness/src/main.ts', 'drill'],
  botyard: ['apps/admin/cli/main.ts'],
  migrate: ['apps/admin/src/migrate.ts'],
  'migrate-bots': ['apps/worker/src/migrate.ts'],
  'issue-token': ['apps/admin/src/issue-token.ts'],
}

try {
  process.exitCode = await main(process.argv[2], process.argv.slice(3))
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : error}\n\n`)
  process.exitCode = 1
}

async function main(command, args) {
  if (Number.parseInt(process.versions.node, 10) < 20) {
    throw new Error(
      `Botyard needs Node 20 or newer to begin (it brings its own Node 24 then); this is ${process.version}.\nInstall one from https://nodejs.org and run the command again.`,
    )
  }
  const [script, ...first] = Object.hasOwn(commands, command ?? '') ? commands[command] : []
  if (!script)
    throw new Error(`Unknown command "${command ?? ''}". There are: ${Object.keys(commands).join(', ')}.`)
  await installIfNeeded()
  if (!existsSync(join(root, script)))
    throw new Error(`"${command}" is not part of this version of Botyard yet.`)
  return await handOver(projectNode(), script, [...first, ...args])
}

/**
 * Installs the workspace unless the stamp says that exactly this lock was installed on this kind of machine.
 */
async function installIfNeeded() {
  const stamp = workspaceStamp()
  if (isInstalled(stamp)) return
  mkdirSync(dirname(lockFile), { recursive: true })
  await takeInstallLock()
  try {
    if (isInstalled(stamp)) return
    const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    process.stderr.write(
      `Installing the workspace with ${packageManager} (the first time takes a minute) …\n`,
    )
    const reporter = process.stderr.isTTY ? [] : ['--reporter=append-only']
    const install = ['install', '--frozen-lockfile', '--config.confirm-modules-purge=false', ...reporter]
    // The project's own Node runs the installer: an older one would warn of every package that asks for a
    // newer one.
    const programs = [`node@${ownNodeVersion()}`, packageManager].flatMap(name => ['--package', name])
    const { status, error } = spawnSync('npm', ['exec', '--yes', ...programs, '--', 'pnpm', ...install], {
      cwd: root,
      // Standard output belongs to the command that follows.
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    })
    if (error)
      throw new Error(`npm could not be run (${error.message}). It comes with Node: is it on your PATH?`)
    if (status !== 0) {
      throw new Error(
        `The workspace could not be installed: the lines above say why. Most often the network or a proxy is the reason,\nor a full disk. Run the same command again when that is mended; it goes on where it stopped.\n(Have you changed a package.json? Then run: npx ${packageManager} install)`,
      )
    }
    writeFileSync(stampFile, stamp)
  } finally {
    rmSync(lockFile, { force: true })
  }
}

/** As the catalog has it. */
function ownNodeVersion() {
  const [, version] = /^ {2}node: (\S+)$/m.exec(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')) ?? []
  if (version === undefined) throw new Error('pnpm-workspace.yaml names no version of node in its catalog.')
  return version
}

function isInstalled(stamp) {
  try {
    return readFileSync(stampFile, 'utf8') === stamp
  } catch {
    return false
  }
}

/**
 * A hash of all that decides what an install brings: the lock, the catalog, every manifest and the machine's
 * kind.
 */
function workspaceStamp() {
  const manifests = ['apps', 'packages', 'infra'].flatMap(folder =>
    readdirSync(join(root, folder)).map(name => join(folder, name, 'package.json')),
  )
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`)
  for (const file of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests.sort()]) {
    if (existsSync(join(root, file))) hash.update(`${file}\n`).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

/**
 * Two installs at once would break each other's node_modules: the second waits, and goes on if the first has
 * died.
 */
async function takeInstallLock() {
  for (let told = false; ; ) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' })
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = lockHolder()
    if (holder === undefined) {
      rmSync(lockFile, { force: true })
      continue
    }
    if (!told)
      process.stderr.write(`Another install runs here (pid ${holder}): waiting for it. Lock: ${lockFile}\n`)
    told = true
    await sleep(500)
  }
}

function lockHolder() {
  try {
    const pid = Number(readFileSync(lockFile, 'utf8'))
    // A lock is written right after it is made: empty means that its maker is between the two.
    if (pid === 0) return 'just started'
    process.kill(pid, 0)
    return pid
  } catch (error) {
    return error.code === 'EPERM' ? 'of another user' : undefined
  }
}

/** The workspace's own Node; on a system that it has no binary for, the one that runs this, if new enough. */
function projectNode() {
  const own = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (spawnSync(own, ['--version']).status === 0) return own
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath
  throw new Error(
    `The Node 24 that comes with Botyard does not run on this system (${own}).\nInstall Node 24 from https://nodejs.org and run the command again with it, or delete node_modules to install anew.`,
  )
}

/** Runs the command with our terminal, passes signals on, and ends the way it ended. */
function handOver(node, script, args) {
  // With `--env-file-if-exists` Node would say at every start that there is none.
  const settings = existsSync(join(root, '.env')) ? ['--env-file=.env'] : []
  const child = spawn(node, [...settings, script, ...args], {
    cwd: root,
    // The fourth is a channel that nobody speaks on: its end tells the command that we are gone, kill -9
    // included.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  const pass = signal => child.kill(signal)
  process.on('SIGTERM', pass)
  // Under nohup no terminal is left that could hang up; npm does end by it, so its end means nothing from
  // then on.
  process.on('SIGHUP', signal => (hasTerminal() ? pass(signal) : clearInterval(watch)))
  // A terminal sends Ctrl-C to the whole group, the command included: a second one would mean "at once".
  process.on('SIGINT', signal => process.stdin.isTTY || pass(signal))
  // npm runs us through a shell that knows of no one's end: other ancestors than at the start mean that npm
  // was killed.
  const ancestors = ancestry()
  const watch = setInterval(() => ancestry() !== ancestors && pass('SIGTERM'), 1000)
  if (process.env.npm_lifecycle_event === undefined) clearInterval(watch)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      clearInterval(watch)
      resolve(code ?? 128 + constants.signals[signal])
    })
  })
}

/** Whether one of the three streams is a terminal; nohup leaves none. */
function hasTerminal() {
  return [0, 1, 2].some(fd => isatty(fd))
}

/** Parent and grandparent, the latter on Linux only. */
function ancestry() {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
    return `${process.ppid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]}`
  } catch {
    return String(process.ppid)
  }
}
