import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packagesOf, type Sbom, sbomOf } from '@botyard/local-infra'
import { baseOf, provideBaseImage } from './base-image.ts'
import { type Check, checkContainers } from './check-containers.ts'
import { type App, apps as allApps, startContainedSystem } from './contained-system.ts'
import { strict } from './container.ts'
import { createEngine, type Engine } from './engine.ts'
import { readContents } from './image-contents.ts'
import { registrySecrets } from './registry-secrets.ts'

/** The images must stay below this, over their base. */
const maxBytesOverBase = 120 * 1000 * 1000

/** One built image. */
export interface BuiltImage {
  readonly app: string
  readonly seconds: number
  readonly bytesOverBase: number
  readonly packages: readonly string[]
}

/** What was built and seen. */
export interface ContainersReport {
  readonly base: string
  readonly images: readonly BuiltImage[]
  readonly checks: readonly Check[]
  readonly problems: readonly string[]
}

/** What is built, and where the base is kept for the next time. */
export interface ContainersOptions {
  readonly apps: readonly App[]
  readonly folder: string
}

/**
 * Builds the images of some apps and looks into them. If they are all of them, they are run too, as one
 * system.
 */
export async function runContainers(
  { apps, folder }: ContainersOptions,
  say: (line: string) => void,
): Promise<ContainersReport> {
  mkdirSync(folder, { recursive: true })
  const work = mkdtempSync(join(tmpdir(), 'botyard-containers-'))
  const engine = createEngine()
  const images: BuiltImage[] = []
  const problems: string[] = []
  try {
    const base = baseOf(dockerfileOf('worker'))
    say(`The stand-in for ${base}, of Debian's packages and this Node …`)
    await provideBaseImage(engine, base, folder)
    const secrets = await registrySecrets(work)
    for (const app of apps) {
      const since = performance.now()
      await engine.build(dockerfileOf(app), { image: imageOf(app), secrets })
      const seconds = Math.round((performance.now() - since) / 100) / 10
      const { strangers, ...contents } = await readContents(engine, imageOf(app), base)
      images.push({ app, seconds, ...contents })
      say(`${imageOf(app)}: ${megabytes(contents.bytesOverBase)} MB over the base, built in ${seconds} s`)
      for (const difference of await compareWithSbom(app, contents.packages)) problems.push(difference)
      for (const stranger of strangers) problems.push(`${app} holds ${stranger}`)
      if (contents.bytesOverBase > maxBytesOverBase) problems.push(`${app} is too large`)
    }
    const checks = await (apps.length === allApps.length
      ? runSystem(engine, work, say)
      : Promise.all(apps.map(app => checkAlone(engine, app))))
    const failed = checks.filter(check => check.problem !== undefined)
    problems.push(...failed.map(({ what, problem }) => `${what}: ${problem}`))
    return { base, images, checks, problems }
  } finally {
    engine.close()
    rmSync(work, { recursive: true, force: true })
  }
}

/** All apps and a bot author's own image, on a real Redis and Postgres. */
async function runSystem(engine: Engine, work: string, say: (line: string) => void): Promise<Check[]> {
  const example = 'infra/containers/example'
  await engine.build(`${example}/Dockerfile`, { image: 'own-bots', context: example })
  await using system = await startContainedSystem(engine, work, imageOf)
  return await checkContainers(system, 'own-bots', say)
}

/** That an image runs at all: it says what it misses. */
async function checkAlone(engine: Engine, app: App): Promise<Check> {
  const { code, output } = await engine.tryPodman('run', '--rm', '--no-healthcheck', ...strict, imageOf(app))
  const isTold = code !== 0 && output.includes('CONTROL_DATABASE_URL is missing')
  return { what: `${app} says what it misses`, problem: isTold ? undefined : `exit code ${code}: ${output}` }
}

/** An image holds what the app's bill of materials says, each package in its version, and nothing else. */
async function compareWithSbom(app: App, packages: readonly string[]): Promise<string[]> {
  const inBill = packagesOf(JSON.parse(await sbomOf(app)) as Sbom).filter(
    name => !name.startsWith('@botyard/'),
  )
  const inImage = packages.filter(name => /.@/.test(name)).map(name => name.replace(/(?<=.@[^_]*)_.*$/, ''))
  return [
    ...inBill.filter(name => !inImage.includes(name)).map(name => `${app} lacks ${name}`),
    ...inImage
      .filter(name => !inBill.includes(name))
      .map(name => `${app} holds ${name}, which no bill names`),
  ]
}

/** In millions of bytes. */
export function megabytes(bytes: number): number {
  return Math.round(bytes / 1e5) / 10
}

function dockerfileOf(app: string): string {
  return `infra/containers/${app}.Dockerfile`
}

function imageOf(app: string): string {
  return `botyard-${app}`
}
