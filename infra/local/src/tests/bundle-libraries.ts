import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, posix } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/** Libraries of many modules that nearly every process reads at its start, and a package that has each. */
const libraries = {
  '@opentelemetry/api': 'packages/service-kit',
  bullmq: 'packages/mailbox',
  ioredis: 'packages/mailbox',
  jose: 'packages/platforms',
  kysely: 'packages/control-database',
  pg: 'packages/control-database',
  'prom-client': 'packages/service-kit',
  typebox: 'packages/queue-contracts',
  undici: 'packages/service-kit',
}

/** What CommonJS expects to have; the libraries ask for Node's own modules by `require`. */
const banner = [
  "import { createRequire } from 'node:module'",
  'const [require, __dirname] = [createRequire(import.meta.url), import.meta.dirname]',
].join('\n')

/**
 * Makes few modules of the libraries' many, so that the hundreds of processes that tests start read these
 * instead: a fifth of all processor time. `npm start`, the proofs and the images read the libraries as they
 * are. Resolves to a file that says, url by url, which module stands for which.
 */
export async function bundleLibraries(folder: string, root: string): Promise<string> {
  const entryPoints: Record<string, string> = {}
  const bundles: Record<string, string> = {}
  for (const [name, owner] of Object.entries(libraries)) {
    const { resolve } = createRequire(join(root, owner, 'package.json'))
    for (const path of exportsOf(name, join(root, owner))) {
      const entry = posix.join(name, path === '.' ? 'index' : path)
      const module = resolve(posix.join(name, path))
      entryPoints[entry] = await entryOf(module, join(folder, 'entries', `${entry}.mjs`))
      bundles[pathToFileURL(module).href] = pathToFileURL(join(folder, `${entry}.mjs`)).href
    }
  }
  await build({
    ...{ entryPoints, outdir: folder, outExtension: { '.js': '.mjs' }, bundle: true, splitting: true },
    ...{ format: 'esm', platform: 'node', target: 'node24', banner: { js: banner }, logLevel: 'error' },
    // Tried, and done without where it is missing.
    external: ['msgpackr-extract', 'pg-native'],
  })
  const file = join(folder, 'bundles.json')
  writeFileSync(file, JSON.stringify(bundles))
  return file
}

/** All that a package lets others import. */
function exportsOf(name: string, owner: string): string[] {
  const manifest = readFileSync(join(owner, 'node_modules', name, 'package.json'), 'utf8')
  const { exports = { '.': {} } } = JSON.parse(manifest) as { exports?: Record<string, unknown> }
  return Object.keys(exports).filter(path => !/\*|\.json$/.test(path))
}

/** The module itself; of a CommonJS one, a module that exports by name what Node finds in it. */
async function entryOf(module: string, path: string): Promise<string> {
  // With a query it is the module itself, even where bundles are used.
  const found: Record<string, unknown> = await import(`${pathToFileURL(module)}?itself`)
  if (!('module.exports' in found)) return module
  const names = Object.keys(found).filter(name => name !== 'default' && name !== 'module.exports')
  const from = JSON.stringify(module)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(
    path,
    `import all from ${from}\nexport default all\nexport const { ${names.join(', ')} } = all\n`,
  )
  return path
}

/** What Node is told to import, so that a process uses the bundles. */
export function useBundles(file: string): string {
  const url = new URL(import.meta.resolve('./use-bundles.mjs'))
  url.searchParams.set('bundles', file)
  return url.href
}
