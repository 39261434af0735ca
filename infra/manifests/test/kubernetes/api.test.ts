import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsTools } from '@botyard/testkit'
import { apiFaults } from '../../src/api-faults.ts'
import { buildOverlay, type Manifest, ofKind, overlays } from '../../src/kustomize.ts'

for (const overlay of overlays) {
  test(`every manifest of ${overlay} is what the API's schema says`, needsTools('kubectl'), async () => {
    for (const manifest of buildOverlay(overlay)) {
      assert.deepEqual(await apiFaults(manifest), [], `${manifest.kind} ${manifest.metadata.name}`)
    }
  })
}

test(
  'a field of a wrong form, one that is missing and one that the API does not know are found',
  needsTools('kubectl'),
  async () => {
    const [gateway] = ofKind(buildOverlay('base'), 'Deployment')
    const changed = (change: (copy: Manifest) => unknown) => {
      const copy = structuredClone(gateway!)
      change(copy)
      return apiFaults(copy)
    }

    const wrong = await changed(({ spec }) => Object.assign(spec, { replicas: 'two' }))
    const missing = await changed(({ spec }) => Object.assign(spec, { selector: undefined }))
    const unknown = await changed(({ spec }) =>
      Object.assign(spec.template.spec.containers[0], { readinesProbe: {} }),
    )
    const deep = await changed(({ spec }) =>
      Object.assign(spec.template.spec.securityContext, { runAsNonRot: true }),
    )

    assert.match(wrong.join(), /replicas/)
    assert.match(missing.join(), /selector/)
    assert.deepEqual(unknown, ['/spec/template/spec/containers/0/readinesProbe is not known'])
    assert.deepEqual(deep, ['/spec/template/spec/securityContext/runAsNonRot is not known'])
  },
)
