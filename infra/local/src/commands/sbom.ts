// npm run sbom: one CycloneDX file for each app, of what its image holds: npm run sbom -- [folder]
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { repository } from '../config.ts'
import { packagesOf, type Sbom, sbomOf, shippedApps } from '../supply-chain/sbom.ts'

const [folder = join(repository, '.botyard', 'sbom')] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
for (const app of shippedApps) {
  const text = await sbomOf(app)
  const file = resolve(folder, `${app}.cdx.json`)
  writeFileSync(file, text)
  process.stdout.write(`${file}: ${packagesOf(JSON.parse(text) as Sbom).length} packages\n`)
}
