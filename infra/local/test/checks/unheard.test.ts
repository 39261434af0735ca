import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findAllUnheard } from '../../src/checks/unheard/find-all.ts'
import { findUnheard } from '../../src/checks/unheard/rules.ts'
import { parseSource } from '../../src/checks/unheard/source.ts'
import { repository } from '../../src/config.ts'

test('no connection, timer, listener or promise of ours can end a process by an error that nobody hears', () => {
  const { files, found } = findAllUnheard(repository)

  assert.ok(files > 200, `only ${files} files were read`)
  assert.deepEqual(
    found.map(({ place, what }) => `${place} ${what}`),
    [],
    'mend it, or say why it "never throws" or "never rejects" in a comment on the line or just above',
  )
})

const examples: readonly [code: string, found: RegExp | undefined][] = [
  [`import pg from 'pg'; const c = new pg.Client({})`, /pg Client without a listener/],
  [`import pg from 'pg'; const c = new pg.Client({}); c.on('error', () => {})`, undefined],
  [`import pg from 'pg'; const p = new pg.Pool({}); p.on('error', () => {})`, /connections in use/],
  [
    `import { Redis } from 'ioredis'; const r = new Redis(); hear(r); function hear(x) { x.on('error', () => {}) }`,
    undefined,
  ],
  [`import { Redis } from 'ioredis'; f(new Redis())`, /nothing holds/],
  [`const own = redis.duplicate()`, /duplicate of a connection without/],
  [
    `import { Worker } from 'bullmq'; class A { #w = 1; f() { this.#w = new Worker('q') } }`,
    /bullmq Worker without/,
  ],
  [`void work()`, /nobody awaits/],
  [`void work().catch(() => {})`, undefined],
  [`void work().then(a => a)`, /nobody awaits/],
  [`void work().catch(() => {}).finally(() => {})`, undefined],
  [`void work(); async function work() { try { await f() } catch {} }`, undefined],
  [`void work(); async function work() { await f() }`, /nobody awaits/],
  [`void work() // Never rejects: it has nothing to do.`, undefined],
  [`setInterval(() => parse(text), 5)`, /setInterval: parse may throw/],
  [`setInterval(() => { try { parse(text) } catch {} }, 5)`, undefined],
  [
    `setInterval(look, 5); function look() { list.push(read()) }; function read() { return JSON.parse(text) }`,
    /JSON\.parse/,
  ],
  [`setInterval(() => void ask().catch(() => {}), 5)`, undefined],
  [`setInterval(async () => { await ask() }, 5)`, /async callback/],
  [`redis.on('ready', () => subscribe().then(() => {}, () => {}))`, undefined],
  [`redis.on('message', (c, text) => { take(text.split(' ')) })`, /outside of try/],
  [`redis.on('message', (c, text) => { if (c !== mine) return; try { take(text) } catch {} })`, undefined],
  [`emitter.on('change', value => { if (value < 1) throw new Error() })`, /may throw/],
]

for (const [code, expected] of examples) {
  test(`the rules ${expected ? 'object to' : 'accept'}: ${code}`, () => {
    const found = findUnheard(parseSource(code, 'example.ts')).map(({ what }) => what)

    if (expected) assert.match(found.join('\n'), expected)
    else assert.deepEqual(found, [])
  })
}
