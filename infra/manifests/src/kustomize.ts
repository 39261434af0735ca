import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '@botyard/local-infra'
import { parseAllDocuments } from 'yaml'

/** A manifest of Kubernetes. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
  }
  // biome-ignore lint/suspicious/noExplicitAny: the models know each kind's own form.
  readonly [field: string]: any
}

const kubernetes = join(repository, 'infra', 'kubernetes')

/** The overlays, and the base by itself: all that can be applied. */
export const overlays = ['base', ...readdirSync(join(kubernetes, 'overlays')).map(name => `overlays/${name}`)]

const built = new Map<string, readonly Manifest[]>()

/** What `kubectl apply --kustomize` would send: the real kustomize builds it, and asks no cluster. */
export function buildOverlay(folder: string): readonly Manifest[] {
  const known = built.get(folder)
  if (known !== undefined) return known
  const text = execFileSync('kubectl', ['kustomize', join(kubernetes, folder)], { encoding: 'utf8' })
  const manifests = parseAllDocuments(text).map(document => document.toJS() as Manifest)
  built.set(folder, manifests)
  return manifests
}

/** The manifests of a kind. */
export function ofKind(manifests: readonly Manifest[], kind: string): readonly Manifest[] {
  return manifests.filter(manifest => manifest.kind === kind)
}
