import { StartupError } from '../errors.ts'
import { runPnpm } from './run-pnpm.ts'

/** A software bill of materials, as far as it is read here. */
export interface Sbom {
  readonly bomFormat: 'CycloneDX'
  readonly metadata: { readonly component: { readonly purl: string } }
  readonly components: readonly { readonly group?: string; readonly name: string; readonly version: string }[]
}

/** The folders of the apps that are shipped. */
export const shippedApps = ['ingest-gateway', 'worker', 'admin'] as const

/** What an app runs on, as installed here, nothing of what only development needs: CycloneDX, as text. */
export async function sbomOf(app: (typeof shippedApps)[number]): Promise<string> {
  const form = ['--sbom-format', 'cyclonedx', '--sbom-type', 'application']
  const { code, stdout, output } = await runPnpm(['--filter', `@botyard/${app}`, 'sbom', ...form, '--prod'])
  if (code !== 0) throw new StartupError(`pnpm could not list what ${app} runs on: ${output.trim()}`, '')
  return stdout
}

/** `fastify@5.12.8` and its like, sorted. */
export function packagesOf(sbom: Sbom): string[] {
  const full = ({ group, name }: { group?: string; name: string }) => (group ? `${group}/${name}` : name)
  return sbom.components.map(component => `${full(component)}@${component.version}`).sort()
}
