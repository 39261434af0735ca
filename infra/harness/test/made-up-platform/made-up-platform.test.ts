import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'

const repository = join(import.meta.dirname, '../../../..')
const pigeon = join(import.meta.dirname, 'pigeon')

/** All that is written to add the platform: its adapter, what is proved of it, and its simulator. */
const files: Readonly<Record<string, string>> = {
  'adapter.ts.txt': 'packages/platforms/src/pigeon/adapter.ts',
  'conformance-case.ts.txt': 'packages/platforms/test/pigeon/conformance-case.ts',
  'letter.json': 'packages/platforms/test/pigeon/fixtures/letter.json',
  'manifest.jsonl': 'packages/platforms/test/pigeon/fixtures/manifest.jsonl',
  'platform.ts.txt': 'packages/platform-simulators/src/pigeon/platform.ts',
}
/** A suite that fails may leave something open, and would never end. */
const maxMs = 60_000
const list = 'packages/queue-contracts/src/platform.ts'

/** Tests that are there for every platform, and so for this one. */
const suites = {
  'keeps every duty': 'packages/platforms/test/conformance/conformance.test.ts',
  'is simulated': 'infra/harness/test/simulate/platforms/platforms.test.ts',
  'has its route at the gateway': 'apps/ingest-gateway/test/platforms/over-the-wire.test.ts',
  'reaches a handler through gateway, mailbox and worker':
    'infra/harness/test/prove/platforms/fixtures.test.ts',
}

test('a platform is added by its folder, its simulator and its name in one list, and by nothing else', async t => {
  const copy = await copyOfRepository(t)
  const run = (...args: string[]) => runNode(copy, args)
  for (const [from, to] of Object.entries(files)) {
    await mkdir(dirname(join(copy, to)), { recursive: true })
    await cp(join(pigeon, from), join(copy, to))
  }
  const names = await readFile(join(copy, list), 'utf8')
  await writeFile(
    join(copy, list),
    names.replace("Type.Literal('zulip'),", "$&\n    Type.Literal('pigeon'),"),
  )

  for (const [what, file] of Object.entries(suites)) {
    await t.test(what, async () => {
      const { code, output } = await run('--test', '--test-reporter=tap', '--test-name-pattern=^pigeon', file)

      assert.equal(code, 0, output)
      // A file of which no test has the name passes too.
      assert.match(output, /^ *ok \d+ - pigeon\b/m)
    })
  }

  await t.test('compiles', async () => {
    for (const name of ['platforms', 'platform-simulators']) {
      const { code, output } = await run(
        join(repository, 'node_modules/typescript/bin/tsc'),
        '-p',
        `packages/${name}`,
      )

      assert.equal(code, 0, output)
    }
  })

  await t.test('has a row in docs/platforms.md, and a page of its events', async () => {
    const { code, output } = await run('infra/local/src/docs/generate-docs.ts')

    assert.equal(code, 0, output)
    const rows =
      (await readFile(join(copy, 'docs/platforms.md'), 'utf8')).match(/^\| \*\*pigeon\*\* .*$/gm) ?? []
    assert.equal(rows.length, 4)
    assert.doesNotMatch(rows.join('\n'), /✗/)
    assert.match(await readFile(join(copy, 'docs/platform-events/pigeon.md'), 'utf8'), /^\| \[letter\]\(/m)
  })

  await t.test('can be asked for by npm run simulate', async () => {
    const { output } = await run('infra/harness/src/main.ts', 'simulate', '--help')

    assert.match(output, /--platform .*pigeon/s)
  })
})

/** The sources, with the packages that are installed here. */
async function copyOfRepository(t: TestContext): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'botyard-platform-'))
  t.after(() => rm(copy, { recursive: true, force: true }))
  for (const name of ['apps', 'docs', 'infra', 'packages', 'package.json', 'tsconfig.base.json']) {
    // What is installed for a package are relative links, which lead to the copies of its neighbours.
    await cp(join(repository, name), join(copy, name), { recursive: true, verbatimSymlinks: true })
  }
  await symlink(join(repository, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

function runNode(cwd: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  // A test runner below a test runner reports to that one, unless it does not know of it.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  return new Promise(resolve => {
    const options = { cwd, env, timeout: maxMs, maxBuffer: 64 * 1024 * 1024 }
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code) || 1, output: stdout + stderr })
    })
  })
}
