import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { repository } from '../src/config.ts'
import { runToEnd } from '../src/processes/run-to-end.ts'
import type { RunFile } from '../src/state/run-file.ts'
import { stackPlace } from './start-stack.ts'

/** The last line of the ready screen. */
const ready = 'Ctrl-C stops everything'

/** The first bot of the README, as it stands there. */
const mirror = /```ts\n(.*?)```/s.exec(readFileSync(join(repository, 'README.md'), 'utf8'))![1]!

test('with BOTS_DIR a fresh stack starts, and its printed lines add a bot for the code there and talk to it', async t => {
  const place = await stackPlace(t)
  const bots = join(place.dir, "ann's bots")
  mkdirSync(bots)
  writeFileSync(join(bots, "ann's-mirror.ts"), mirror)
  const env = { BOTS_DIR: bots }
  const registered = async () => {
    const { adminUrl, adminToken } = place.run()
    const answer = await fetch(`${adminUrl}/api/v1/bots`, {
      headers: { authorization: `Bearer ${adminToken}` },
    })
    return ((await answer.json()) as { bots: { id: string }[] }).bots.map(({ id }) => id)
  }

  const first = await place.start([], env)
  await first.waitForLine(ready)

  assert.deepEqual(await registered(), [])
  assert.equal(await paste(first.lines), 2)
  await first.waitForLine('reply to chat 42: olleh')

  // Of several handlers one is tried that is for Telegram: the other one's bots are on Slack, and a bot of an
  // example's name is the user's.
  for (const id of ['ann', 'oracle']) await addSlackBot(place.run(), id, "ann's-mirror")
  await first.kill('SIGTERM')
  writeFileSync(
    join(bots, 'oracle.ts'),
    mirror.replace(/\[\.\.\.ctx\.text\].*?join\(''\)/, "'the oracle heard ' + ctx.text"),
  )
  const second = await place.start([], env)
  await second.waitForLine(ready)

  assert.ok(second.lines.some(line => line.includes('Add a Telegram bot that runs your oracle, one of')))
  assert.equal(await paste(second.lines), 2)
  await second.waitForLine('reply to chat 42: the oracle heard hello')
  assert.deepEqual(await registered(), ['ann', 'oracle', 'trial'])

  // Its handler stays in the list of the admin API, but nobody runs it any more.
  await second.kill('SIGTERM')
  rmSync(join(bots, 'oracle.ts'))
  const third = await place.start([], env)
  await third.waitForLine(ready)

  assert.ok(third.lines.some(line => /Your bot ann runs on slack: .*platform-setup.md/.test(line)))
  assert.equal(await paste(third.lines), 0)
})

async function addSlackBot({ adminUrl, adminToken }: RunFile, id: string, handler: string): Promise<void> {
  const credentials = { signingSecret: '0123456789abcdef0123456789abcdef', botToken: 'xoxb-1-2-abc' }
  const answer = await fetch(`${adminUrl}/api/v1/bots`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id, platform: 'slack', handler, credentials }),
  })
  assert.equal(answer.status, 201, await answer.text())
}

/** Runs the lines of the ready screen that are for a shell; says how many there were. */
async function paste(lines: readonly string[]): Promise<number> {
  const commands = lines.filter(line => line.startsWith('curl '))
  for (const command of commands) {
    const { code, output } = await runToEnd('sh', ['-c', `${command} -f`])
    assert.equal(code, 0, output)
  }
  return commands.length
}
