import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'

const folder = join(import.meta.dirname, '..')
const repository = join(folder, '..', '..')
const apps = { gateway: 'ingest-gateway', worker: 'worker', admin: 'admin' } as const
const systemd = 'systemd-analyze'
type App = keyof typeof apps

const unitOf = (app: App) => readFileSync(join(folder, 'systemd', `botyard-${app}.service`), 'utf8')
const all = (unit: string, name: string) =>
  [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value!)

test('each unit waits longer for the end of its app than the app does itself', async () => {
  for (const app of Object.keys(apps) as App[]) {
    const [seconds] = all(unitOf(app), 'TimeoutStopSec')
    // The primary of several processes gives them five seconds more.
    assert.ok(Number(seconds) * 1000 >= (await closeMs(app)) + 5_000, `${app}: ${seconds} s`)
  }
})

test('each unit gives its app only settings that it reads, and every secret as a file', async () => {
  for (const app of Object.keys(apps) as App[]) {
    const { properties } = (await configOf(app)).configSchema
    const given = all(unitOf(app), 'Environment').map(line => line.split('=')[0]!)
    const read = Object.keys(properties)
    for (const name of given)
      assert.ok(read.includes(name.replace(/_FILE$/, '')), `${app} does not read ${name}`)
    const secrets = ['KEYRING', 'NAMING_KEY', 'JWT_KEYS', 'REDIS_URL', 'CONTROL_DATABASE_URL']
    for (const name of secrets.filter(secret => read.includes(secret)))
      assert.ok(given.includes(`${name}_FILE`), `${app} is not given ${name}`)
  }
})

test('each unit starts its app again when it crashes, runs it as a user of its own and lets it write nowhere', () => {
  for (const app of Object.keys(apps) as App[]) {
    const unit = unitOf(app)
    assert.deepEqual(all(unit, 'Restart'), ['on-failure'])
    assert.deepEqual(all(unit, 'User'), [`botyard-${app}`])
    assert.deepEqual(all(unit, 'ProtectSystem'), ['strict'])
    assert.deepEqual(all(unit, 'NoNewPrivileges'), ['yes'])
    const [place] = all(unit, 'WorkingDirectory')
    assert.equal(place, `/opt/botyard/${app}/current/apps/${apps[app]}`)
    assert.match(all(unit, 'ExecStart')[0]!, /^\/usr\/bin\/node (--\S+ )*src\/server\.ts$/)
  }
})

test('systemd understands the units', { skip: noSystemd() }, t => {
  const dir = tempFolder(t)
  for (const app of Object.keys(apps)) {
    const file = join(dir, `botyard-${app}.service`)
    // The program must be there; everything else is checked as it stands.
    writeFileSync(file, unitOf(app as App).replace('/usr/bin/node', process.execPath))
    const { status, stderr } = spawnSync(systemd, ['verify', file], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    assert.equal(stderr, '')
  }
})

test('botyard-switch replaces the link in one step, restarts the app, and tells what runs', t => {
  const machine = switchOn(t)

  assert.equal(machine.run('gateway', 'v1').status, 0)
  assert.equal(machine.run('gateway', 'v2').status, 0)

  assert.equal(readlinkSync(join(machine.root, 'gateway', 'current')), 'releases/v2')
  assert.equal(machine.run('gateway').stdout, 'v2\n')
  assert.deepEqual(machine.restarts(), ['restart botyard-gateway.service', 'restart botyard-gateway.service'])
})

test('botyard-switch touches nothing for a release or an app that is not there, and tells a failed restart', t => {
  const machine = switchOn(t)
  machine.run('gateway', 'v1')

  for (const [args, why] of [
    [['gateway', 'v9'], /releases\/v9 is not there/],
    [['gateway', '../v2'], /no name of a release/],
    [['postman', 'v1'], /no app postman/],
    [['worker'], /nothing was switched on here yet/],
  ] as const) {
    const { status, stderr } = machine.run(...args)
    assert.equal(status, 1)
    assert.match(stderr, why)
  }
  assert.equal(machine.run('gateway').stdout, 'v1\n')
  machine.failRestarts()
  assert.equal(machine.run('gateway', 'v2').status, 5)
})

function switchOn(t: TestContext) {
  const root = tempFolder(t)
  const bin = join(root, 'bin')
  const log = join(root, 'restarts')
  writeFileSync(log, '')
  mkdirSync(bin)
  for (const release of ['v1', 'v2'])
    mkdirSync(join(root, 'gateway', 'releases', release), { recursive: true })
  const systemctl = (end: string) => {
    writeFileSync(join(bin, 'systemctl'), `#!/bin/sh\necho "$@" >> ${log}\n${end}\n`)
    chmodSync(join(bin, 'systemctl'), 0o755)
  }
  systemctl('exit 0')
  return {
    root,
    restarts: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
    failRestarts: () => systemctl('exit 5'),
    run: (...args: readonly string[]) =>
      spawnSync(join(folder, 'botyard-switch'), args, {
        encoding: 'utf8',
        env: { PATH: `${bin}:${process.env.PATH}`, BOTYARD_ROOT: root },
      }),
  }
}

function tempFolder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'botyard-machine-'))
  t.after(() => rmSync(dir, { recursive: true }))
  return dir
}

function noSystemd(): string | false {
  try {
    execFileSync(systemd, ['--version'])
    return false
  } catch {
    return `${systemd} is not installed`
  }
}

async function configOf(app: App) {
  const file = join(repository, 'apps', apps[app], 'src', 'config.ts')
  return (await import(pathToFileURL(file).href)) as {
    configSchema: { properties: Record<string, { default?: number }> }
  }
}

/** How long the app itself takes at most, as its server says. */
async function closeMs(app: App): Promise<number> {
  const server = readFileSync(join(repository, 'apps', apps[app], 'src', 'server.ts'), 'utf8')
  const [, ms] = /(?:closeWithinMs = (?:config\.SHUTDOWN_GRACE_MS \+ )?|delayMs: )(\d[\d_]*)/.exec(server)!
  const grace = (await configOf(app)).configSchema.properties.SHUTDOWN_GRACE_MS?.default ?? 0
  return Number(ms!.replaceAll('_', '')) + grace
}
