import type { ProgramName } from '@botyard/local-infra'
import { type Manifest, ofKind } from './kustomize.ts'

/** One container of a pod, and what it runs. */
export interface PodContainer {
  readonly program: ProgramName
  // biome-ignore lint/suspicious/noExplicitAny: as the API has it.
  readonly container: any
  // biome-ignore lint/suspicious/noExplicitAny: as the API has it.
  readonly pod: any
}

/** The pods that a build makes: of its Deployments and its Job. */
export function podsOf(manifests: readonly Manifest[]): readonly Manifest[] {
  return [...ofKind(manifests, 'Deployment'), ...ofKind(manifests, 'Job')]
}

/** Every container of every pod. */
export function containersOf(manifests: readonly Manifest[]): PodContainer[] {
  return podsOf(manifests).flatMap(({ metadata, spec }) => {
    const pod = spec.template.spec
    return [...(pod.initContainers ?? []), ...pod.containers].map(container => ({
      pod,
      container,
      program: metadata.name === 'migrate' ? migrations[container.name]! : (metadata.name as ProgramName),
    }))
  })
}

const migrations: Readonly<Record<string, ProgramName>> = { databases: 'migrate', bots: 'migrateBots' }

/** The environment of a container, as the pod would have it: settings looked up, secrets below `folder`. */
export function environmentOf(
  { container }: PodContainer,
  manifests: readonly Manifest[],
  folder: string,
): Record<string, string> {
  const maps = new Map(ofKind(manifests, 'ConfigMap').map(({ metadata, data }) => [metadata.name, data]))
  const values = container.env.map(({ name, value, valueFrom }: EnvironmentEntry) => {
    if (value !== undefined) return [name, value.replace('/run/secrets/botyard', folder)]
    const { name: map, key } = valueFrom!.configMapKeyRef
    return [name, maps.get(map)?.[key]]
  })
  return Object.fromEntries(values)
}

interface EnvironmentEntry {
  readonly name: string
  readonly value?: string
  readonly valueFrom?: { readonly configMapKeyRef: { readonly name: string; readonly key: string } }
}
