import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '@botyard/local-infra'
import type { Engine } from './engine.ts'

/** What an image holds, as far as it should be little. */
export interface ImageContents {
  /** Bytes over the base, uncompressed. */
  readonly bytesOverBase: number
  /** `fastify@5.12.8`, sorted. */
  readonly packages: readonly string[]
  /** What only development needs; empty if all is well. */
  readonly strangers: readonly string[]
}

/** Files that no image should have: tests, settings of builds, the way to a registry, secrets. */
const strange = [
  '*.test.ts',
  'tsconfig*.json',
  '*.tsbuildinfo',
  '.npmrc',
  '.env*',
  '*.d.ts',
  'pnpm-lock.yaml',
]
const listPackages = 'ls -d /botyard/node_modules/.pnpm/*@* /botyard/apps/* /botyard/packages/*'
const listStrange = `find /botyard -path /botyard/node_modules -prune -o -type f \\( ${strange.map(name => `-name '${name}'`).join(' -o ')} \\) -print`

/** Looks into an image, by its own shell. */
export async function readContents(engine: Engine, image: string, base: string): Promise<ImageContents> {
  const shell = async (script: string) => {
    const run = ['run', '--rm', '--network', 'none', '--no-healthcheck', ...resourceLimits]
    const printed = await engine.podman(...run, '--entrypoint', 'sh', image, '-c', script)
    return printed.split('\n').filter(line => line !== '')
  }
  const size = async (name: string) =>
    Number(await engine.podman('image', 'inspect', '--format', '{{.Size}}', name))

  const paths = await shell(listPackages)
  const packages = paths.map(path => path.replace(/^.*\//, '').replaceAll('+', '/')).sort()
  const development = developmentPackages()
  const strangers = packages.filter(name => development.has(name.replace(/(?<=.)@.*$/, '')))
  return {
    bytesOverBase: (await size(image)) - (await size(base)),
    packages,
    strangers: [...strangers, ...(await shell(listStrange))],
  }
}

/** This machine's limits may be lower than what podman sets by itself. */
export const resourceLimits = ['--ulimit', 'nofile=16384:16384', '--ulimit', 'nproc=4096:4096'] as const

/** What is nobody's dependency at run time, by the manifests: names of packages and of folders. */
function developmentPackages(): Set<string> {
  const manifests = ['package.json', ...globSync('{apps,packages}/*/package.json', { cwd: repository })].map(
    file => JSON.parse(readFileSync(join(repository, file), 'utf8')) as Manifest,
  )
  const shipping = manifests.filter(({ name }) => !infrastructure.has(name))
  const atRunTime = new Set(shipping.flatMap(({ dependencies = {} }) => Object.keys(dependencies)))
  const others = manifests.flatMap(({ name, dependencies = {}, devDependencies = {} }) => [
    ...(infrastructure.has(name) ? [name, ...Object.keys(dependencies)] : []),
    ...Object.keys(devDependencies),
  ])
  const plain = (name: string) => name.replace(/^@botyard\//, '')
  return new Set(others.filter(name => !atRunTime.has(name)).map(plain))
}

const infrastructure = new Set(
  ['testkit', 'platform-simulators', 'example-bots'].map(name => `@botyard/${name}`),
)

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}
