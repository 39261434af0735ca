import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { infraFolder } from '../../src/read-compose.ts'

/** Makes the secrets into a folder of the test's own. */
export function makeSecrets(t: TestContext): { folder: string; again(): string } {
  const folder = mkdtempSync(join(tmpdir(), 'botyard-secrets-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const script = join(infraFolder, 'compose-secrets.sh')
  const again = () => execFileSync('sh', [script, folder], { encoding: 'utf8' })
  again()
  return { folder, again }
}
