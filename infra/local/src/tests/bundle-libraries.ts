import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, posix } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/**
 * Libraries of several hundred modules that nearly every process reads at its start, and a package that has
 * them. They depend on nothing.
 */
const libraries = { typebox: 'packages/queue-contracts', kysely: 'packages/control-database' }

/**
 * Makes few modules of the libraries' many, so that the hundreds of processes that tests start read these
 * instead: a sixth of all processor time. Resolves to a file that says, url by url, which module stands for
 * which.
 */
export async function bundleLibraries(folder: string, root: string): Promise<string> {
  const owners = Object.entries(libraries)
  const bundled = await Promise.all(
    owners.map(([name, owner]) => bundle(name, join(root, owner), join(folder, name))),
  )
  const file = join(folder, 'bundles.json')
  writeFileSync(file, JSON.stringify(Object.fromEntries(bundled.flat())))
  return file
}

/** Resolves to the url of each module that others may import of a library, with that of its bundle. */
async function bundle(name: string, owner: string, outdir: string): Promise<[url: string, bundle: string][]> {
  const require = createRequire(join(owner, 'package.json'))
  const manifest = readFileSync(join(owner, 'node_modules', name, 'package.json'), 'utf8')
  const { exports } = JSON.parse(manifest) as { exports: Record<string, unknown> }
  const entryPoints: Record<string, string> = {}
  for (const path of Object.keys(exports)) {
    entryPoints[path === '.' ? 'index' : path] = require.resolve(posix.join(name, path))
  }
  await build({
    ...{ entryPoints, outdir, outExtension: { '.js': '.mjs' }, bundle: true, splitting: true },
    ...{ format: 'esm', platform: 'node', target: 'node24', logLevel: 'error' },
  })
  return Object.entries(entryPoints).map(([entry, module]) => [
    pathToFileURL(module).href,
    pathToFileURL(join(outdir, `${entry}.mjs`)).href,
  ])
}

/** What Node is told to import, so that a process uses the bundles. */
export function useBundles(file: string): string {
  const url = new URL(import.meta.resolve('./use-bundles.ts'))
  url.searchParams.set('bundles', file)
  return url.href
}
