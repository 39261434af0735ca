import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readAppSchema, readAppVariables, repository } from '@botyard/local-infra'
import { readConfig } from '@botyard/service-kit'
import { needsTools } from '@botyard/testkit'
import { appFolders, closingTimeMs } from '../../src/closing-time.ts'
import { buildOverlay, ofKind, overlays } from '../../src/kustomize.ts'
import { containersOf, environmentOf } from '../../src/pods.ts'
import { makeSecrets } from '../compose/made-secrets.ts'

/** What is secret, of all that the programs read. */
const secretNames = [
  ...['KEYRING', 'NAMING_KEY', 'JWT_KEYS', 'REDIS_URL', 'CACHE_REDIS_URL', 'CONTROL_DATABASE_URL', 'SHARDS'],
]
const tools = needsTools('kubectl', 'openssl')

for (const overlay of overlays) {
  test(
    `${overlay}: each program knows what it is told, and has its own secrets and no other`,
    tools,
    async () => {
      const variables = await readAppVariables()

      for (const { program, container, pod } of containersOf(buildOverlay(overlay))) {
        const names: string[] = container.env.map(({ name }: { name: string }) => name)
        for (const name of names)
          assert.ok(variables[program].has(name.replace(/_FILE$/, '')), `${program} is told ${name}`)
        const files = names.filter(name => name.endsWith('_FILE')).map(name => name.replace(/_FILE$/, ''))
        assert.deepEqual(
          files.sort(),
          secretNames.filter(name => variables[program].has(name)).sort(),
          program,
        )
        const mounted = container.volumeMounts.flatMap(({ name, readOnly }: Mount) => {
          assert.equal(readOnly, true)
          const volume = pod.volumes.find((one: Mount) => one.name === name)
          return volume.secret.items.map(({ path }: { path: string }) => path)
        })
        assert.deepEqual(mounted.sort(), files, program)
      }
    },
  )

  test(`${overlay}: each program accepts its configuration`, tools, async t => {
    const { folder } = makeSecrets(t)
    for (const name of secretNames.filter(name => name !== 'SHARDS'))
      writeFileSync(join(folder, name), readFileSync(join(folder, name.toLowerCase())))
    writeFileSync(join(folder, 'SHARDS'), '[{"id":"one","hosts":["postgres://botyard@shard:5432/botyard"]}]')
    const manifests = buildOverlay(overlay)

    for (const one of containersOf(manifests)) {
      const env = environmentOf(one, manifests, folder)
      // Of the image.
      if (one.container.image.includes('bots') || one.container.image.includes('worker'))
        env.BOTS_DIR = '/bots'
      const schema = await readAppSchema(one.program)
      assert.doesNotThrow(() => readConfig(schema, env), one.program)
    }
  })

  test(
    `${overlay}: whom gateways trust is no whole network, in which callers have addresses too`,
    tools,
    () => {
      const [settings] = ofKind(buildOverlay(overlay), 'ConfigMap')
      for (const range of settings!.data.TRUST_PROXY.split(','))
        assert.ok(Number(range.split('/')[1] ?? 32) >= 24, range)
    },
  )

  test(`${overlay}: a pod is ended no sooner than its app may take to close`, tools, async () => {
    for (const { metadata, spec } of ofKind(buildOverlay(overlay), 'Deployment')) {
      const { terminationGracePeriodSeconds, containers } = spec.template.spec
      const preStop = containers[0].lifecycle?.preStop.sleep.seconds ?? 0
      const closing = (await closingTimeMs(metadata.name as keyof typeof appFolders)) / 1000
      assert.equal(terminationGracePeriodSeconds, preStop + closing + 5, metadata.name)
    }
  })

  test(`${overlay}: every image is one that is built here, by an exact version`, tools, () => {
    for (const { container, program } of containersOf(buildOverlay(overlay)))
      assert.match(
        container.image,
        /(^|\/)(botyard-(ingest-gateway|worker|admin)|my-bots):\d+\.\d+\.\d+$/,
        program,
      )
  })

  test(`${overlay}: probes ask the ops port, which no Service offers`, tools, () => {
    const manifests = buildOverlay(overlay)
    for (const { metadata, spec } of ofKind(manifests, 'Deployment')) {
      const [{ startupProbe, livenessProbe, readinessProbe, ports }] = spec.template.spec.containers
      const asked = [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet)
      assert.deepEqual(
        asked,
        ['/live', '/live', '/ready'].map(path => ({ path, port: 'ops' })),
      )
      const dockerfile = join(repository, 'infra/containers', `${folderOf(metadata.name)}.Dockerfile`)
      const [, exposed = ''] = /^EXPOSE (.*)$/m.exec(readFileSync(dockerfile, 'utf8')) ?? []
      assert.equal(ports.map(({ containerPort }: Port) => containerPort).join(' '), exposed)
    }
    const offered = ofKind(manifests, 'Service').flatMap(({ spec }) => spec.ports)
    assert.deepEqual(new Set(offered.map(({ targetPort }) => targetPort)), new Set(['http']))
  })
}

interface Mount {
  readonly name: string
  readonly readOnly: boolean
}

interface Port {
  readonly containerPort: number
}

function folderOf(name: string): string {
  return appFolders[name as keyof typeof appFolders]
}
