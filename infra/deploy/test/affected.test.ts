import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { findAffectedApps } from '../src/affected/find-affected-apps.ts'

const repository = join(import.meta.dirname, '..', '..', '..')

test('an app is affected by its own files, and no other app is', t => {
  const history = begin(t)
  const { apps, contracts } = history.change('apps/admin/src/app.ts')

  assert.deepEqual({ apps, contracts }, { apps: ['admin'], contracts: false })
})

test('a package affects the apps whose images hold it, in the order in which they are deployed', t => {
  const history = begin(t)

  assert.deepEqual(history.change('packages/send-limits/src/index.ts').apps, ['worker', 'admin'])
  assert.deepEqual(history.change('packages/bot-kit/src/index.ts').apps, ['worker'])
  const contract = history.change('packages/queue-contracts/src/index.ts')
  assert.deepEqual(contract.apps, ['worker', 'gateway', 'admin'])
  assert.equal(contract.contracts, true)
})

test('what only tests use, and what is written about it, affects no app', t => {
  const history = begin(t)

  assert.deepEqual(history.change('packages/testkit/src/index.ts').apps, [])
  assert.deepEqual(history.change('docs/architecture.md').apps, [])
  assert.deepEqual(history.change('infra/harness/src/main.ts').apps, [])
})

test('the file that an image is made by affects its app alone', t => {
  const history = begin(t)

  assert.deepEqual(history.change('infra/containers/ingest-gateway.Dockerfile').apps, ['gateway'])
  for (const file of ['infra/containers/healthcheck.mjs', '.dockerignore', '.npmrc'])
    assert.deepEqual(history.change(file).apps, ['worker', 'gateway', 'admin'], file)
})

test('the bots affect the worker, whose image holds them', t => {
  const history = begin(t)

  assert.deepEqual(history.change('infra/containers/example/bots/hello.ts').apps, ['worker'])
  const from = history.head()
  assert.deepEqual(history.change('bots/shop.ts').apps, [])
  assert.deepEqual(findAffectedApps(history.root, from, 'HEAD', './bots/').apps, ['worker'])
})

test('a manifest affects the app that its path names, and any other one all of them', t => {
  const history = begin(t)

  assert.deepEqual(history.change('infra/kubernetes/base/network/gateway.yaml').apps, ['gateway'])
  assert.deepEqual(history.change('infra/kubernetes/components/worker-autoscaling/x.yaml').apps, ['worker'])
  const all = ['worker', 'gateway', 'admin']
  assert.deepEqual(history.change('infra/kubernetes/overlays/production/kustomization.yaml').apps, all)
  assert.deepEqual(history.change('infra/kubernetes/base/migrate.yaml').apps, all)
})

test('what all packages are compiled by affects every app', t => {
  assert.deepEqual(begin(t).change('tsconfig.base.json').apps, ['worker', 'gateway', 'admin'])
})

test('another version of a library affects the apps that it is locked for', t => {
  const history = begin(t)

  const { apps } = history.change('pnpm-lock.yaml', lock => bump(lock, '@fastify/jwt'))

  assert.deepEqual(apps, ['admin'])
})

test('several commits at once are one change', t => {
  const history = begin(t)
  const from = history.head()
  history.change('packages/bot-kit/src/index.ts')
  history.change('apps/ingest-gateway/src/app.ts')

  assert.deepEqual(findAffectedApps(history.root, from, 'HEAD').apps, ['worker', 'gateway'])
})

test('each app is compared with its own deployed commit, so that no failed run is passed over', t => {
  const history = begin(t)
  const a = history.head()
  history.change('packages/queue-contracts/src/index.ts')
  const b = history.head()
  history.change('apps/ingest-gateway/src/app.ts')
  const find = (worker: string, gateway: string, admin: string) => {
    const { apps, contracts } = findAffectedApps(history.root, { worker, gateway, admin }, 'HEAD')
    return { apps, contracts }
  }

  // The contract's own run failed for the worker: the gateway of the next one waits for it.
  assert.deepEqual(find(a, a, b), { apps: ['worker', 'gateway'], contracts: true })
  assert.deepEqual(find(b, a, b), { apps: ['gateway'], contracts: false })
  assert.deepEqual(find(b, b, a), { apps: ['gateway', 'admin'], contracts: false })
  assert.deepEqual(find('', 'HEAD', 'HEAD'), { apps: ['worker'], contracts: true })
  assert.deepEqual(findAffectedApps(history.root, {}, 'HEAD').apps, ['worker', 'gateway', 'admin'])
})

test('without the commit to compare with, as after a forced push, it is every app', t => {
  const history = begin(t)

  for (const from of ['0'.repeat(40), 'f'.repeat(40), '--upload-pack=x']) {
    const { apps, contracts } = findAffectedApps(history.root, from, 'HEAD')
    assert.deepEqual({ apps, contracts }, { apps: ['worker', 'gateway', 'admin'], contracts: true })
  }
})

/** A history that begins with this repository's manifests and lock. */
function begin(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'botyard-affected-'))
  t.after(() => rmSync(root, { recursive: true }))
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', root, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  const copied = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'turbo.json', 'tsconfig.base.json']
  const manifests = globSync('{apps,packages,infra}/*/{package,turbo,tsconfig}.json', { cwd: repository })
  for (const file of [...copied, ...manifests]) {
    mkdirSync(join(root, dirname(file)), { recursive: true })
    copyFileSync(join(repository, file), join(root, file))
  }
  git('init', '-q', '-b', 'main')
  git('add', '-A')
  git('commit', '-qm', 'begin')
  let edits = 0
  return {
    root,
    head: () => git('rev-parse', 'HEAD'),
    /** Commits a change of one file, and says what it touches. */
    change(file: string, edit?: (text: string) => string) {
      const from = git('rev-parse', 'HEAD')
      const path = join(root, file)
      mkdirSync(dirname(path), { recursive: true })
      if (edit) writeFileSync(path, edit(readFileSync(path, 'utf8')))
      else writeFileSync(path, file.endsWith('.json') ? ` ${readFileSync(path, 'utf8')}` : `// ${++edits}\n`)
      git('add', '-A')
      git('commit', '-qm', `change ${file}`)
      return findAffectedApps(root, from, git('rev-parse', 'HEAD'))
    },
  }
}

/** The lock with another patch version of a library, wherever it stands. */
function bump(lock: string, library: string): string {
  const [, version] = new RegExp(`'${library}@(\\d+\\.\\d+\\.\\d+)'`).exec(lock)!
  const next = version!.replace(/\d+$/, patch => String(Number(patch) + 1))
  const bumped = lock.replaceAll(`${library}@${version}`, `${library}@${next}`)
  return bumped.replace(
    new RegExp(`('${library}':\\n {8}specifier: 'catalog:'\\n {8}version: )${version}`, 'g'),
    `$1${next}`,
  )
}
