// Loaded before everything else by each process of a test run: where a module of a library is imported that
// `bundle-libraries.ts` has bundled, the bundle is.
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

const file = new URL(import.meta.url).searchParams.get('bundles')!
const bundles = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>

registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context)
    const bundle = bundles[resolved.url]
    return bundle === undefined ? resolved : { ...resolved, url: bundle, format: 'module' }
  },
})
