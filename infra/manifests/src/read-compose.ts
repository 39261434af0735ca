import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '@botyard/local-infra'
import { parse } from 'yaml'

/** A service of the compose file, as far as it is checked. */
export interface ComposeService {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly secrets?: readonly string[]
  readonly volumes?: readonly string[]
  readonly ports?: readonly string[]
  readonly networks: string[] | Record<string, ComposeAttachment>
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean }
  readonly build?: { readonly context: string; readonly dockerfile: string }
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly stop_grace_period?: string
}

/** How a service is in a network. */
interface ComposeAttachment {
  readonly aliases?: readonly string[]
  readonly ipv4_address?: string
}

/** A network of the compose file. */
interface ComposeNetwork {
  readonly internal?: boolean
  readonly ipam?: {
    readonly config: readonly {
      readonly subnet: string
      readonly gateway?: string
      readonly ip_range?: string
    }[]
  }
}

/** The compose file, with what its anchors stand for in their places. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>
  readonly networks: Readonly<Record<string, ComposeNetwork>>
  readonly secrets: Readonly<Record<string, { readonly file: string }>>
  readonly volumes: Readonly<Record<string, unknown>>
}

/** The folder that the file's paths are relative to. */
export const infraFolder = join(repository, 'infra')

/** Reads infra/compose.yaml. */
export function readCompose(): ComposeFile {
  const text = readFileSync(join(infraFolder, 'compose.yaml'), 'utf8')
  return parse(text, { merge: true, maxAliasCount: -1 }) as ComposeFile
}

/** The names of the networks that a service is in. */
export function networksOf({ networks }: ComposeService): readonly string[] {
  return Array.isArray(networks) ? networks : Object.keys(networks)
}

/** The names by which a service is found in a network; none if it is not there. */
export function namesIn(network: string, service: string, { networks }: ComposeService): readonly string[] {
  if (Array.isArray(networks)) return networks.includes(network) ? [service] : []
  const there = networks[network]
  return there === undefined ? [] : [service, ...(there.aliases ?? [])]
}

/** Compose's own `${NAME:-default}` and `${NAME:?message}`, with these values. */
export function interpolate(text: string, values: Readonly<Record<string, string>> = {}): string {
  return text.replace(/\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}/g, (_, name: string, standard = '') =>
    name in values ? values[name]! : standard,
  )
}
