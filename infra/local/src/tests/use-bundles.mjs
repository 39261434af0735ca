// Loaded before everything else by each process of a test run: where a module of a library is imported that
// `bundle-libraries.ts` has bundled, the bundle is. Plain JavaScript, and without effect in a Node that has
// no such hooks: tests start the machine's npm too, on its own Node.
import { readFileSync } from 'node:fs'
import module from 'node:module'

const bundles = JSON.parse(readFileSync(new URL(import.meta.url).searchParams.get('bundles'), 'utf8'))

module.registerHooks?.({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context)
    const bundle = bundles[resolved.url]
    if (bundle === undefined || !context.conditions.includes('import')) return resolved
    return { ...resolved, url: bundle, format: 'module' }
  },
})
