import type { Manifest } from './kustomize.ts'

/** A class of the models: it knows the API's schema of one kind. */
type Model = new (data: Manifest) => { validate(): void }

/** The package that has the models of an API group; what Kubernetes brings itself is in the first. */
const packages: Readonly<Record<string, string>> = {
  'keda.sh': '@kubernetes-models/keda',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
}

/**
 * What the API would say against a manifest: fields that are missing or of a wrong form, and fields that it
 * does not know, which an API server drops with a warning. Empty if nothing.
 */
export async function apiFaults(manifest: Manifest): Promise<string[]> {
  const model = await findModel(manifest)
  if (model === undefined) return [`no schema of ${manifest.apiVersion} ${manifest.kind}`]
  const read = new Set<string>()
  const instance = watch(new model(manifest), '', read)
  try {
    instance.validate()
  } catch (error) {
    return [(error as Error).message]
  }
  return unread(manifest, '', read).map(path => `${path} is not known`)
}

async function findModel({ apiVersion, kind }: Manifest): Promise<Model | undefined> {
  const [group = ''] = apiVersion.split('/')
  const module = `${packages[group] ?? 'kubernetes-models'}/${apiVersion}/${kind}`
  const found = (await import(module).catch(() => undefined)) as Record<string, Model> | undefined
  return found?.[kind]
}

/** The same value, that notes the path of each field that is read: a validator reads those that it knows. */
function watch<T extends object>(value: T, path: string, read: Set<string>): T {
  return new Proxy(value, {
    get(target, key) {
      const field = Reflect.get(target, key) as unknown
      if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return field
      read.add(`${path}/${key}`)
      return typeof field === 'object' && field !== null ? watch(field, `${path}/${key}`, read) : field
    },
  })
}

/** The fields that nobody read, without what is below them. */
function unread(value: object, path: string, read: ReadonlySet<string>): string[] {
  return Object.entries(value).flatMap(([key, field]: [string, unknown]) => {
    const here = `${path}/${key}`
    if (!read.has(here)) return [here]
    return typeof field === 'object' && field !== null ? unread(field, here, read) : []
  })
}
