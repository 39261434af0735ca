import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { repository } from '@botyard/local-infra'
import { needsTools } from '@botyard/testkit'
import { buildOverlay, type Manifest, ofKind, overlays } from '../../src/kustomize.ts'
import { containersOf, podsOf } from '../../src/pods.ts'

const tools = needsTools('kubectl')
const nameLabel = 'app.kubernetes.io/name'

for (const overlay of overlays) {
  test(`${overlay}: the namespace wants restricted pods, and every pod is one`, tools, () => {
    const manifests = buildOverlay(overlay)
    const [namespace] = ofKind(manifests, 'Namespace')
    assert.equal(namespace?.metadata.labels?.['pod-security.kubernetes.io/enforce'], 'restricted')

    for (const { pod, container, program } of containersOf(manifests)) {
      const { runAsNonRoot, runAsUser, seccompProfile } = pod.securityContext
      assert.deepEqual(
        [runAsNonRoot, runAsUser, seccompProfile],
        [true, 1000, { type: 'RuntimeDefault' }],
        program,
      )
      assert.deepEqual(container.securityContext, {
        ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
        capabilities: { drop: ['ALL'] },
      })
      assert.equal(pod.automountServiceAccountToken, false)
      assert.ok(container.resources.limits.memory, `${program} has a bound of memory`)
      for (const volume of pod.volumes) assert.ok(volume.secret, `${program} mounts secrets alone`)
    }
  })

  test(`${overlay}: every Deployment is spread, and has a budget for disruptions`, tools, () => {
    const manifests = buildOverlay(overlay)
    const budgets = ofKind(manifests, 'PodDisruptionBudget')
    for (const deployment of ofKind(manifests, 'Deployment')) {
      const spread = deployment.spec.template.spec.topologySpreadConstraints
      assert.deepEqual(
        spread.map(({ topologyKey }: { topologyKey: string }) => topologyKey),
        ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'],
      )
      for (const { labelSelector } of spread) assert.ok(selects(labelSelector, deployment))
      assert.equal(budgets.filter(({ spec }) => selects(spec.selector, deployment)).length, 1)
    }
  })

  test(
    `${overlay}: nobody talks to anybody but where a policy says so, and all ports have those names`,
    tools,
    () => {
      const manifests = buildOverlay(overlay)
      const policies = ofKind(manifests, 'NetworkPolicy')
      const denied = policies.find(({ metadata }) => metadata.name === 'default-deny')
      assert.deepEqual(denied?.spec, { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })

      for (const pod of podsOf(manifests)) {
        const own = policies.filter(
          ({ spec }) => selects(spec.podSelector, pod) && spec.podSelector.matchLabels,
        )
        assert.equal(own.length, 1, pod.metadata.name)
        const ports = pod.spec.template.spec.containers.flatMap((one: { ports?: Named[] }) => one.ports ?? [])
        const names = ports.map(({ name }: Named) => name)
        const opened = (own[0]!.spec.ingress ?? []).flatMap(({ ports }: { ports: { port: string }[] }) =>
          ports.map(({ port }) => port),
        )
        for (const port of opened) assert.ok(names.includes(port), `${pod.metadata.name} has no port ${port}`)
        assert.equal(opened.includes('http'), pod.metadata.name === 'gateway', 'only the gateway is called')
      }
    },
  )

  test(`${overlay}: what scales by itself has one autoscaler and no fixed number`, tools, () => {
    const manifests = buildOverlay(overlay)
    const scaled = [...ofKind(manifests, 'HorizontalPodAutoscaler'), ...ofKind(manifests, 'ScaledObject')]
    const targets = scaled.map(({ spec }) => spec.scaleTargetRef.name)
    assert.equal(new Set(targets).size, targets.length, `an autoscaler each: ${targets}`)
    for (const { metadata, spec } of ofKind(manifests, 'Deployment'))
      assert.equal(spec.replicas === undefined, targets.includes(metadata.name), metadata.name)
  })

  test(`${overlay}: EXPECTED_INSTANCES is as many workers and admins as a rollout may have`, tools, () => {
    const manifests = buildOverlay(overlay)
    const [settings] = ofKind(manifests, 'ConfigMap')
    const most = ['worker', 'admin'].map(name => {
      const { spec } = ofKind(manifests, 'Deployment').find(({ metadata }) => metadata.name === name)!
      const scaler = ofKind(manifests, 'ScaledObject').find(one => one.spec.scaleTargetRef.name === name)
      return (scaler?.spec.maxReplicaCount ?? spec.replicas) + spec.strategy.rollingUpdate.maxSurge
    })
    const [workers, admins] = most
    assert.equal(Number(settings?.data.EXPECTED_INSTANCES), workers + admins)
  })
}

test('workers scale on a metric that they export', tools, () => {
  const [scaler] = ofKind(buildOverlay('overlays/production'), 'ScaledObject')
  const [{ metadata }] = scaler!.spec.triggers
  const metrics = readFileSync(join(repository, 'docs/metrics.md'), 'utf8')

  for (const [name] of metadata.query.matchAll(/botyard_\w+/g))
    assert.ok(metrics.includes(`\`${name}\``), name)
})

test(
  'what a manifest needs of a newer operator is named where it is installed and where it is written',
  tools,
  () => {
    const read = (file: string) => readFileSync(join(repository, file), 'utf8')
    const manifests = buildOverlay('overlays/production')
    const [scaler] = ofKind(manifests, 'ScaledObject')
    const [route] = ofKind(manifests, 'HTTPRoute')
    const components = 'infra/kubernetes/components'

    // https://keda.sh/docs/2.18/reference/scaledobject-spec/#fallback
    assert.ok(scaler!.spec.fallback && scaler!.spec.triggers[0].metricType === 'Value')
    for (const file of ['kustomization', 'scaled-object'])
      assert.match(read(`${components}/worker-autoscaling/${file}.yaml`), /KEDA 2\.18/)
    // https://kubernetes.io/blog/2024/11/21/gateway-api-v1-2/
    assert.ok(route!.spec.rules[0].timeouts)
    assert.match(read(`${components}/gateway-api/route.yaml`), /Gateway API 1\.2/)
    const deploying = read('docs/deploying.md')
    for (const version of [/KEDA 2\.18/, /Gateway API 1\.2/]) assert.match(deploying, version)
  },
)

interface Named {
  readonly name: string
}

function selects(selector: { matchLabels?: Record<string, string> }, pod: Manifest): boolean {
  const { labels } = pod.spec.template.metadata
  return (
    selector.matchLabels?.[nameLabel] === undefined || selector.matchLabels[nameLabel] === labels[nameLabel]
  )
}
