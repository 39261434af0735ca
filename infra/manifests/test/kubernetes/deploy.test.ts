import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { repository } from '@botyard/local-infra'
import { needsTools } from '@botyard/testkit'
import { buildOverlay, type Manifest, overlays } from '../../src/kustomize.ts'
import { containersOf, podsOf } from '../../src/pods.ts'
import { kubernetes, playCluster } from './play-cluster.ts'

const tools = needsTools('kubectl')
const apps = ['worker', 'gateway', 'admin'] as const
const nameOf = ({ metadata }: Manifest) => metadata.labels?.['app.kubernetes.io/name'] ?? ''

for (const overlay of overlays) {
  test(`${overlay}: every resource belongs to one app, to the migrations or to all`, tools, () => {
    const manifests = buildOverlay(overlay)

    for (const manifest of manifests) {
      const { kind, metadata, spec } = manifest
      assert.ok(['migrate', 'shared', ...apps].includes(nameOf(manifest)), `${kind} ${metadata.name}`)
      const about = spec?.scaleTargetRef?.name ?? spec?.podSelector?.matchLabels?.['app.kubernetes.io/name']
      if (about !== undefined) assert.equal(nameOf(manifest), about, `${kind} ${metadata.name}`)
    }
    assert.deepEqual(
      new Set(manifests.map(nameOf)),
      new Set(['migrate', 'shared', ...apps]),
      'and each of them has one',
    )
  })
}

for (const app of apps) {
  test(`${app}: its resources and the shared ones are applied, with the image that is given`, tools, t => {
    const cluster = playCluster(t)
    const image = `registry.test:5000/team/${app}:0123abc`

    const { status, stderr } = cluster.deploy('production', app, `${app}=${image}`)

    assert.equal(status, 0, stderr)
    const { manifests, selector } = cluster.applied()
    assert.equal(selector, `app.kubernetes.io/name in (shared, ${app})`)
    const expected = structuredClone(buildOverlay('overlays/production'))
    for (const { container, program } of containersOf(expected)) {
      if (program === app || program === migrationOf[app]) container.image = image
    }
    assert.deepEqual(manifests, expected)
    assert.deepEqual(cluster.calls().at(-1), `-n botyard rollout status deployment/${app} --timeout 15m`)
  })
}

test('the migrations run on the images that are given, and on the one that runs where none is', tools, t => {
  const cluster = playCluster(t, {
    image: 'registry.test/botyard-admin:before',
    conditions: ['', 'Complete '],
  })

  const { status, stderr } = cluster.deploy(
    'small',
    'migrate',
    'worker=registry.test/my-bots:1',
    'admin=running',
  )

  assert.equal(status, 0, stderr)
  const { manifests, selector } = cluster.applied()
  assert.equal(selector, 'app.kubernetes.io/name in (shared, migrate)')
  const images = containersOf(manifests).filter(({ program }) => program.startsWith('migrate'))
  assert.deepEqual(
    images.map(({ program, container }) => [program, container.image]),
    [
      ['migrate', 'registry.test/botyard-admin:before'],
      ['migrateBots', 'registry.test/my-bots:1'],
    ],
  )
  const calls = cluster.calls()
  const [deleted, applied] = [/delete job/, /^apply/].map(call => calls.findIndex(one => call.test(one)))
  assert.ok(deleted! >= 0 && deleted! < applied!, 'the last Job makes room first')
})

test('migrations that failed are noticed at once, and their logs are shown', tools, t => {
  const cluster = playCluster(t, { conditions: ['', 'FailureTarget ', 'FailureTarget Failed '] })

  const { status, stderr } = cluster.deploy('production', 'migrate')

  assert.equal(status, 1)
  assert.match(stderr, /^deploy: the migrations failed; no app was changed\n$/)
  assert.ok(cluster.calls().some(call => call.includes('logs job/migrate')))
})

test('migrations that do not end are waited for no longer than allowed', tools, t => {
  const cluster = playCluster(t, { patienceSeconds: 1 })

  const { status, stderr } = cluster.deploy('production', 'migrate')

  assert.equal(status, 1)
  assert.match(stderr, /have not ended in time/)
})

test('a rollout that fails goes back to the revision that ran, and is told as a failure', tools, t => {
  const cluster = playCluster(t, { revision: '7', rollouts: [1, 0] })

  const { status, stderr } = cluster.deploy('production', 'gateway')

  assert.equal(status, 1)
  assert.match(stderr, /the pods of the release before are back/)
  assert.ok(cluster.calls().includes('-n botyard rollout undo deployment/gateway --to-revision 7'))
})

test('the first rollout of all has nothing to go back to', tools, t => {
  const cluster = playCluster(t, { rollouts: [1] })

  const { status, stderr } = cluster.deploy('production', 'worker')

  assert.equal(status, 1)
  assert.match(stderr, /no release before/)
  assert.ok(!cluster.calls().some(call => call.includes('undo')))
})

test('nothing is applied where the app, the image or the overlay is none', tools, t => {
  for (const [overlay, ...rest] of [
    ['production', 'wroker'],
    ['production', 'worker', 'wroker=registry.test/my-bots:1'],
    ['production', 'worker', 'worker='],
    ['production', 'worker', 'worker=a:1 }] } } } }"'],
    ['production', 'migrate', 'admin=running'],
    ['../../containers', 'worker'],
  ] as const) {
    const cluster = playCluster(t)
    assert.notEqual(cluster.deploy(overlay, ...rest).status, 0, rest.join(' '))
    assert.ok(!cluster.calls().some(call => call.startsWith('apply')), rest.join(' '))
  }
  assert.deepEqual(globSync('.deploy.*', { cwd: kubernetes }), [], 'no folder is left')
})

test('the steps of docs/deploying.md, as pasted: namespace, secrets, migrations, apps', tools, t => {
  const cluster = playCluster(t, { conditions: ['Complete '] })
  const page = readFileSync(join(repository, 'docs/deploying.md'), 'utf8')
  const [, section = ''] = page.split(/^## Kubernetes$/m)
  const blocks = [...section.matchAll(/^ *```sh\n(.*?)^ *```$/gms)].map(([, block]) => block)
  assert.equal(blocks.length, 2)

  const { status, stderr } = cluster.paste(blocks.join('\n'))

  assert.equal(status, 0, stderr)
  const [first, ...calls] = cluster.calls()
  assert.equal(first, 'apply --filename infra/kubernetes/base/namespace.yaml')
  const secrets = calls.filter(call => call.includes('create secret'))
  const created = secrets.map(call => {
    const [, name] = /generic (\S+)/.exec(call)!
    return [name, [...call.matchAll(/--from-file=\S*\/(\w+)/g)].map(([, key]) => key!).sort()]
  })
  const mounted = new Map<string, Set<string>>()
  for (const { spec } of podsOf(buildOverlay('overlays/production')))
    for (const { secret } of spec.template.spec.volumes)
      for (const { key } of secret.items)
        mounted.set(secret.secretName, (mounted.get(secret.secretName) ?? new Set()).add(key))
  assert.deepEqual(
    Object.fromEntries(created),
    Object.fromEntries([...mounted].map(([name, keys]) => [name, [...keys].sort()])),
  )
  const waited = calls.flatMap(call => /get job \w+|rollout status deployment\/\w+/.exec(call) ?? [])
  const rollout = 'rollout status deployment/'
  const order = ['get job migrate', `${rollout}worker`, `${rollout}admin`, `${rollout}gateway`]
  assert.deepEqual(waited, order)
})

const migrationOf: Readonly<Record<string, string>> = { worker: 'migrateBots', admin: 'migrate' }
