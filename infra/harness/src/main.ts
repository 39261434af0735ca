// npm run bench | prove | drill | simulate: `node main.ts <kind> [scenario] [options]`; --help lists the
// scenarios of a kind.
import { runKind } from './shared/run-kind.ts'
import type { Kind } from './shared/scenario.ts'

/** Loaded one at a time: only the benchmarks need Express and the other caches. */
const kinds: Readonly<Record<string, () => Promise<Kind>>> = {
  bench: async () => (await import('./bench/bench.ts')).bench,
  prove: async () => (await import('./prove/prove.ts')).prove,
  drill: async () => (await import('./drill/drill.ts')).drill,
  simulate: async () => (await import('./simulate/simulate.ts')).simulate,
}

const [name = '', ...args] = process.argv.slice(2)
const load = Object.hasOwn(kinds, name) ? kinds[name] : undefined
if (load === undefined) {
  console.error(`There are: ${Object.keys(kinds).join(', ')}. Not '${name}'.`)
  process.exitCode = 2
} else {
  process.exitCode = await runKind(await load(), args)
}
