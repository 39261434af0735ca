import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { startProcess } from '@botyard/testkit'
import { startStandIn } from './stand-in.ts'

const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
const short = ['--rate', '200', '--seconds', '1.2', '--chats', '20', '--patience', '2']

test('a clean run shows progress and a ledger, and exits with 0', async t => {
  const { runFile } = await startStandIn(t)

  const { code, lines } = await command(t, [...short, '--run', runFile, '--seed', '3'])

  assert.equal(code, 0)
  assert.match(
    lines.join('\n'),
    /^ {2}1 s {3}sent \d+ {3}accepted \d+ {3}replied \d+ {3}waiting \d+ {3}ack p99 /m,
  )
  assert.match(lines.join('\n'), /^ {2}sent +\d+ .*seed 3\)$/m)
  assert.match(lines.join('\n'), /^ {2}out of order +0$/m)
  assert.ok(lines.includes('CLEAN: nothing lost, nothing doubled, all in order.'))
})

test('a run with losses exits with 1; --json prints the ledger for scripts', async t => {
  const { runFile } = await startStandIn(t, { loses: accepted => accepted % 20 === 0 })

  const { code, lines } = await command(t, [...short, '--run', runFile, '--json'])

  const ledger = JSON.parse(lines.slice(lines.indexOf('{'), lines.lastIndexOf('}') + 1).join('\n'))
  assert.equal(code, 1)
  assert.equal(ledger.lost, Math.ceil(ledger.accepted / 20))
})

test('without a worker that has its handler it exits with 2 and says what to do', async t => {
  const { runFile } = await startStandIn(t, { handlerMissing: 'always' })

  const { code, lines } = await command(t, ['--run', runFile])

  assert.equal(code, 2)
  assert.match(
    lines.join('\n'),
    /^No worker has the handler echo, .* start Botyard without BOTS_DIR, or copy /m,
  )
})

test('what waits for a handler that went away meanwhile is not called lost', async t => {
  const { runFile } = await startStandIn(t, { handlerMissing: 'later', loses: accepted => accepted > 50 })

  const { code, lines } = await command(t, [...short, '--run', runFile])

  assert.equal(code, 1)
  assert.match(lines.join('\n'), /^ {2}waiting +[1-9]\d*$/m)
  assert.match(lines.join('\n'), /^ {2}lost +0$/m)
  assert.match(
    lines.join('\n'),
    /✗ [1-9]\d* messages wait, which is not to be lost\. No worker has the handler echo/,
  )
})

test('without a run file it exits with 2 and says how to start the system', async t => {
  const { code, lines } = await command(t, ['--run', 'no-such-file.json'])

  assert.equal(code, 2)
  assert.match(lines.join('\n'), /^No running system found .*Start it with: npm start/m)
})

test('when nothing answers it exits with 2 and says so', async t => {
  const { runFile, run } = await startStandIn(t)
  await writeFile(runFile, JSON.stringify({ ...run, adminUrl: 'http://127.0.0.1:1' }))

  const { code, lines } = await command(t, ['--run', runFile])

  assert.equal(code, 2)
  assert.equal(lines.at(-1), 'Nothing answers at http://127.0.0.1:1. Start the system with: npm start')
})

test('when only the gateway is away it exits with 2 and leaves no bot behind', async t => {
  const { runFile, run, registered, bots } = await startStandIn(t)
  await writeFile(runFile, JSON.stringify({ ...run, gatewayUrl: 'http://127.0.0.1:1' }))

  const { code } = await command(t, ['--run', runFile])

  assert.equal(code, 2)
  assert.equal(registered.length, 1)
  assert.equal(bots.size, 0)
})

test('a refused token is reported with the answer', async t => {
  const { runFile, run } = await startStandIn(t)
  await writeFile(runFile, JSON.stringify({ ...run, adminToken: 'old' }))

  const { code, lines } = await command(t, ['--run', runFile])

  assert.equal(code, 2)
  assert.match(lines.join('\n'), /The admin API refused POST \/api\/v1\/bots: 401/)
})

async function command(t: TestContext, args: readonly string[]) {
  const dir = await mkdtemp(join(tmpdir(), 'botyard-simulate-'))
  const child = await startProcess(main, { args: ['simulate', ...args], env: { BOTYARD_DIR: dir } })
  t.after(async () => {
    await child.kill()
    await rm(dir, { recursive: true })
  })
  const { code } = await child.exited
  return { code, lines: child.lines }
}
